// The decoder as a parallel prefix: shifts by 1, 2 and 4. The encoder counts changes between neighbours.
module gray_code (
  input  logic [4:0] binary,
  input  logic [4:0] gray,
  output logic [4:0] encoded,
  output logic [4:0] decoded
);

  logic [4:0] pairs;
  logic [4:0] quads;

  assign pairs   = gray ^ {1'b0, gray[4:1]};
  assign quads   = pairs ^ {2'b00, pairs[4:2]};
  assign decoded = quads ^ {4'b0000, quads[4]};

  assign encoded = {1'b0, binary[4:1]} ^ binary;

endmodule
