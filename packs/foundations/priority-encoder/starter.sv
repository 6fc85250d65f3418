module priority_encoder (
  input  logic [${REQUESTS - 1}:0] req,
  output logic valid,
  output logic [${INDEX_WIDTH - 1}:0] index
);

  // Drive valid and index.

endmodule
