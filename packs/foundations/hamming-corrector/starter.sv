module hamming_corrector (
  input  logic [7:0] received,
  output logic [3:0] data,
  output logic       corrected,
  output logic       failed
);

  // Drive data, corrected and failed.

endmodule
