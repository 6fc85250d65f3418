module saturating_adder (
  input  logic signed [${WIDTH - 1}:0] a,
  input  logic signed [${WIDTH - 1}:0] b,
  output logic signed [${WIDTH - 1}:0] sum,
  output logic saturated
);

  // Add, then limit.

endmodule
