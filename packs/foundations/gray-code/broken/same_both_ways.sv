// Takes the code for its own inverse: decodes with the encoder's formula.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = binary ^ (binary >> 1);
  assign decoded = gray ^ (gray >> 1);

endmodule
