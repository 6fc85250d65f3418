// Three stages shift right by 4, 2 and 1; a left shift is a right shift of the mirrored word.
module barrel_shifter #(
  parameter int CODE_LEFT       = 0,
  parameter int CODE_RIGHT      = 1,
  parameter int CODE_ARITHMETIC = 2,
  parameter int CODE_ROTATE     = 3
) (
  input  logic [7:0] data,
  input  logic [2:0] amount,
  input  logic [1:0] operation,
  output logic [7:0] result
);

  logic       left;
  logic       rotate;
  logic       fill;
  logic [7:0] stage_0, stage_1, stage_2, stage_3;

  assign left   = operation == 2'(CODE_LEFT);
  assign rotate = operation == 2'(CODE_ROTATE);
  assign fill   = operation == 2'(CODE_ARITHMETIC) ? data[7] : 1'b0;

  function automatic logic [7:0] mirrored(input logic [7:0] word);
    for (int i = 0; i < 8; i++) mirrored[i] = word[7-i];
  endfunction

  assign stage_0 = left ? mirrored(data) : data;
  assign stage_1 = amount[2] ? {rotate ? stage_0[3:0] : {4{fill}}, stage_0[7:4]} : stage_0;
  assign stage_2 = amount[1] ? {rotate ? stage_1[1:0] : {2{fill}}, stage_1[7:2]} : stage_1;
  assign stage_3 = amount[0] ? {rotate ? stage_2[0] : fill, stage_2[7:1]} : stage_2;
  assign result  = left ? mirrored(stage_3) : stage_3;

endmodule
