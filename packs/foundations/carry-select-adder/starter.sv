module carry_select_adder (
  input  logic [${WIDTH - 1}:0] a,
  input  logic [${WIDTH - 1}:0] b,
  output logic low_carry,
  output logic [${WIDTH - SPLIT}:0] high_0,
  output logic [${WIDTH - SPLIT}:0] high_1,
  output logic [${WIDTH}:0] sum
);

  // Three additions and one choice.

endmodule
