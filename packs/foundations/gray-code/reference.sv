// Gray encoder and decoder.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = binary ^ (binary >> 1);

  // Each bit of the number is the XOR of all Gray bits at and above its place.
  always_comb begin
    for (int i = 0; i < 5; i++) begin
      decoded[i] = ^(gray >> i);
    end
  end

endmodule
