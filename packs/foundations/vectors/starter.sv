module vector_tools (
  input  logic [${WIDTH - 1}:0] word,
  output logic [${WIDTH - SPLIT - 1}:0] high,
  output logic [${SPLIT - 1}:0] low,
  output logic [${WIDTH - 1}:0] swapped,
  output logic [${WIDTH - 1}:0] reversed,
  output logic [${2 * WIDTH - 1}:0] repeated
);

  // Drive the five outputs.

endmodule
