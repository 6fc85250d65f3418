// The ones digit runs on to 15.
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
    end else if (en) begin
      {tens, ones} <= {tens, ones} + 6'd1;
    end
  end

endmodule
