// Finds any change first and then its direction.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  logic previous_n, change;

  always_ff @(posedge clk) previous_n <= rst | ~level;

  assign change = level ~^ previous_n;
  assign rise = change & level;
  assign fall = change & ~level;

endmodule
