// Stores how much is missing to the next multiple instead of the remainder.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [3:0] missing, missing_next;
  logic [5:0] difference;

  always_comb begin
    difference = {1'b0, missing, 1'b0} - 6'(bit_in);
    if (difference[5]) difference = difference + 6'(DIVISOR);
    else if (difference >= 6'(DIVISOR)) difference = difference - 6'(DIVISOR);
    missing_next = difference[3:0];
  end

  always_ff @(posedge clk) missing <= rst ? 4'd0 : missing_next;

  assign hit = missing_next == 4'(REMAINDER == 0 ? 0 : DIVISOR - REMAINDER);

endmodule
