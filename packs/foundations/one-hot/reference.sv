// One-hot check by counting; the index is the OR of the numbers of all lines that are 1.
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  logic [2:0] ones;
  logic [2:0] number;

  always_comb begin
    ones   = 3'd0;
    number = 3'd0;
    for (int i = 0; i < 6; i++) begin
      if (code[i]) begin
        ones   = ones + 3'd1;
        number = number | 3'(i);
      end
    end
  end

  assign none  = ones == 3'd0;
  assign valid = ones == 3'd1;
  assign index = valid ? number : 'x;  // not one-hot: don't care

endmodule
