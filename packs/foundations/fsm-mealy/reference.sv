// Mealy machine over the remainders of DIVISOR; a new bit b turns the remainder r into (2r + b) mod DIVISOR.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [3:0] remainder, remainder_next;
  logic [4:0] doubled;

  always_comb begin
    doubled = {remainder, bit_in};
    if (doubled >= 5'(DIVISOR)) doubled = doubled - 5'(DIVISOR);
    remainder_next = doubled[3:0];
  end

  always_ff @(posedge clk) begin
    if (rst) remainder <= 4'd0;
    else remainder <= remainder_next;
  end

  // While the reset is active the output does not matter.
  assign hit = rst ? 1'bx : remainder_next == 4'(REMAINDER);

endmodule
