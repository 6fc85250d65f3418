// Shifts the wrong way: neighbours below instead of above.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = binary ^ (binary << 1);

  always_comb begin
    decoded[4] = gray[4];
    for (int i = 3; i >= 0; i--) decoded[i] = decoded[i+1] ^ gray[i];
  end

endmodule
