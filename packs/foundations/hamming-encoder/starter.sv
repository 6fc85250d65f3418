module hamming_encoder (
  input  logic [7:0]  data,
  output logic [11:0] code
);

  // Place the data bits and compute the four parity bits.

endmodule
