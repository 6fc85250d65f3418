// The decoder's chain starts at the least significant bit.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = binary ^ (binary >> 1);

  always_comb begin
    decoded[0] = gray[0];
    for (int i = 1; i < 5; i++) decoded[i] = decoded[i-1] ^ gray[i];
  end

endmodule
