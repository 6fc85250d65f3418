// A priority encoder: several 1s count as valid.
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  assign none  = code == 6'd0;
  assign valid = code != 6'd0;

  always_comb begin
    index = 3'd0;
    for (int i = 5; i >= 0; i--) if (code[i]) index = 3'(i);
  end

endmodule
