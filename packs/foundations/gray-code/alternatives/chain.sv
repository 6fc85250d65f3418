// The defining equations, bit by bit; the decoder solves them from the top down.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded[4] = binary[4];
  assign decoded[4] = gray[4];

  generate
    for (genvar i = 3; i >= 0; i--) begin : g_bit
      assign encoded[i] = binary[i+1] ^ binary[i];
      assign decoded[i] = decoded[i+1] ^ gray[i];
    end
  endgenerate

endmodule
