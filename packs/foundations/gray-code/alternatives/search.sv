// Decodes by looking for the number whose Gray code matches.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  assign encoded = {binary[4], binary[4:1] ^ binary[3:0]};

  always_comb begin
    decoded = 5'd0;
    for (int n = 0; n < 32; n++) begin
      if (gray == 5'(n ^ (n >> 1))) decoded = 5'(n);
    end
  end

endmodule
