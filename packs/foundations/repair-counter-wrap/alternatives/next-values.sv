// All next values first, then the registers.
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

  logic [$clog2(COLUMNS)-1:0] x_next;
  logic [   $clog2(ROWS)-1:0] y_next;

  always_comb begin
    line_end = 1'b0;
    frame_end = 1'b0;
    x_next = x;
    y_next = y;
    if (en) begin
      if (x < COLUMNS - 1) begin
        x_next = x + 1'b1;
      end else begin
        x_next = '0;
        line_end = 1'b1;
        if (y < ROWS - 1) begin
          y_next = y + 1'b1;
        end else begin
          y_next = '0;
          frame_end = 1'b1;
        end
      end
    end
    if (rst) begin
      x_next = '0;
      y_next = '0;
    end
  end

  always_ff @(posedge clk) begin
    x <= x_next;
    y <= y_next;
  end

endmodule
