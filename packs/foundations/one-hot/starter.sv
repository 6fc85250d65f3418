module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  // Drive none, valid and index.

endmodule
