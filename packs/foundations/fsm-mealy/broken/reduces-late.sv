// Compares with "greater than", so that the divisor itself is not reduced to 0.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [3:0] remainder;
  logic [4:0] doubled;

  always_comb begin
    doubled = {remainder, bit_in};
    if (doubled > 5'(DIVISOR)) doubled = doubled - 5'(DIVISOR);
  end

  always_ff @(posedge clk) begin
    if (rst) remainder <= 4'd0;
    else remainder <= doubled[3:0];
  end

  assign hit = doubled == 5'(REMAINDER);

endmodule
