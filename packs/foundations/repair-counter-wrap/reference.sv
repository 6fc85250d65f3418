// Position of the next pixel, row by row.
module pixel_counter #(
    parameter int COLUMNS = 6,
    parameter int ROWS = 3
) (
    input  logic                       clk,
    input  logic                       rst,
    input  logic                       en,
    output logic [$clog2(COLUMNS)-1:0] x,
    output logic [   $clog2(ROWS)-1:0] y,
    output logic                       line_end,
    output logic                       frame_end
);

  localparam int X_WIDTH = $clog2(COLUMNS);
  localparam int Y_WIDTH = $clog2(ROWS);

  logic last_column, last_row;

  assign last_column = x == X_WIDTH'(COLUMNS - 1);
  assign last_row = y == Y_WIDTH'(ROWS - 1);
  assign line_end = en & last_column;
  assign frame_end = line_end & last_row;

  always_ff @(posedge clk) begin
    if (rst) begin
      x <= '0;
      y <= '0;
    end else if (en) begin
      x <= last_column ? '0 : x + 1'b1;
      if (last_column) y <= last_row ? '0 : y + 1'b1;
    end
  end

endmodule
