// Counts the pixels and rows that are left, downwards.
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

  localparam logic [$clog2(COLUMNS)-1:0] X_LAST = COLUMNS - 1;
  localparam logic [$clog2(ROWS)-1:0] Y_LAST = ROWS - 1;

  logic [$clog2(COLUMNS)-1:0] x_left;
  logic [   $clog2(ROWS)-1:0] y_left;

  always_ff @(posedge clk) begin
    if (rst || frame_end) begin
      x_left <= X_LAST;
      y_left <= Y_LAST;
    end else if (line_end) begin
      x_left <= X_LAST;
      y_left <= y_left - 1'b1;
    end else if (en) begin
      x_left <= x_left - 1'b1;
    end
  end

  assign x = X_LAST - x_left;
  assign y = Y_LAST - y_left;
  assign line_end = en && x_left == '0;
  assign frame_end = line_end && y_left == '0;

endmodule
