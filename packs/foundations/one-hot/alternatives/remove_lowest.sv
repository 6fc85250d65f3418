// code & (code - 1) is code without its lowest 1.
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  assign none  = ~|code;
  assign valid = !none && (code & (code - 6'd1)) == 6'd0;
  assign index = {
    code[4] | code[5],
    code[2] | code[3],
    code[1] | code[3] | code[5]
  };

endmodule
