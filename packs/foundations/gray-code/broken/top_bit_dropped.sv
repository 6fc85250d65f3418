// Leaves the top bit of the code at 0: it has no upper neighbour.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = {1'b0, binary[4:1] ^ binary[3:0]};

  always_comb begin
    for (int i = 0; i < 5; i++) decoded[i] = ^(gray >> i);
  end

endmodule
