// The carry from ones to tens happens even while the counter pauses.
module bcd_counter #(
    parameter int START = 0,
    parameter int LAST_TENS = 2,
    parameter int LAST_ONES = 3
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [1:0] tens,
    output logic [3:0] ones
);

  always_ff @(posedge clk) begin
    if (rst || (en && tens == 2'(LAST_TENS) && ones == 4'(LAST_ONES))) begin
      tens <= 2'd0;
      ones <= 4'(START);
    end else if (ones == 4'd9) begin
      tens <= tens + 2'd1;
      ones <= 4'd0;
    end else if (en) begin
      ones <= ones + 4'd1;
    end
  end

endmodule
