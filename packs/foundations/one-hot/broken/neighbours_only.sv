// Two 1s are only noticed when they are neighbours.
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  assign none  = code == 6'd0;
  assign valid = code != 6'd0 && (code & (code << 1)) == 6'd0;
  assign index = {code[4] | code[5], code[2] | code[3], code[1] | code[3] | code[5]};

endmodule
