// The memory is not reset, so a level that is 1 during reset is not reported.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  logic previous;

  always_ff @(posedge clk) previous <= level;

  assign rise = level & ~previous;
  assign fall = ~level & previous;

endmodule
