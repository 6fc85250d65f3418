module vote_counter (
  input  logic [${WIDTH - 1}:0] votes,
  output logic [3:0] count,
  output logic passed
);

  // Drive count and passed.

endmodule
