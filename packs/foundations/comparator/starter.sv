module comparator (
  input  logic [${WIDTH - 1}:0] a,
  input  logic [${WIDTH - 1}:0] b,
  output logic less,
  output logic equal,
  output logic greater,
  output logic near
);

  // Drive the four outputs.

endmodule
