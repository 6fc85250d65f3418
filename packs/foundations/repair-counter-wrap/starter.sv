// Position of the next pixel on a display of ${COLUMNS} columns and ${ROWS} rows.
module pixel_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [${clog2(COLUMNS)-1}:0] x,
    output logic [${clog2(ROWS)-1}:0] y,
    output logic       line_end,
    output logic       frame_end
);

  localparam COLUMNS = ${COLUMNS};
  localparam LAST_ROW = ${ROWS-1};

  logic last_column;
  logic last_row;

  assign last_column = (x == COLUMNS);
  assign last_row    = (y == LAST_ROW);

  assign line_end  = en & last_column;
  assign frame_end = en & last_column & last_row;

  // Column
  always_ff @(posedge clk) begin
    if (rst)
      x <= 0;
    else if (en) begin
      if (last_column)
        x <= 0;
      else
        x <= x + 1;
    end
  end

  // Row
  always_ff @(posedge clk) begin
    if (rst)
      y <= 0;
    else if (line_end) begin
      if (last_row)
        y <= 0;
      else
        y <= y + 1;
    end
  end

endmodule
