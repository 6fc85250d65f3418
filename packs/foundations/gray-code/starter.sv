module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  // Drive encoded and decoded.

endmodule
