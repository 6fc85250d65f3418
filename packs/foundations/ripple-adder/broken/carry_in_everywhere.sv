// Every stage takes cin instead of the carry of its neighbour.
module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  assign sum   = a ^ b ^ {4{cin}};
  assign carry = (a & b) | ({4{cin}} & (a ^ b));

endmodule
