// The tens digit steps one count after the ones digit has wrapped.
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

  logic carry;

  always_ff @(posedge clk) begin
    if (rst || (en && tens == 2'(LAST_TENS) && ones == 4'(LAST_ONES))) begin
      tens <= 2'd0;
      ones <= 4'(START);
      carry <= 1'b0;
    end else if (en) begin
      carry <= ones == 4'd9;
      ones <= (ones == 4'd9) ? 4'd0 : ones + 4'd1;
      if (carry) tens <= tens + 2'd1;
    end
  end

endmodule
