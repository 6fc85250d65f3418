// Keeps only the last five bits of the number.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [3:0] stored;
  logic [4:0] number;

  assign number = {stored, bit_in};

  always_ff @(posedge clk) begin
    if (rst) stored <= 4'd0;
    else stored <= number[3:0];
  end

  assign hit = number % 5'(DIVISOR) == 5'(REMAINDER);

endmodule
