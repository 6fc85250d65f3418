module parity (
  input  logic [${WIDTH - 1}:0] data,
  input  logic [${WIDTH}:0] received,
  output logic [${WIDTH}:0] sent,
  output logic error
);

  // Drive sent and error.

endmodule
