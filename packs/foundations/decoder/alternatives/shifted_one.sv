// A single 1 shifted to its place, then inverted where the lines are active-low.
module decoder #(
  parameter int   LINES        = 10,
  parameter logic LINE_LEVEL   = 1'b0,
  parameter logic ENABLE_LEVEL = 1'b1
) (
  input  logic             enable,
  input  logic [3:0]       address,
  output logic [LINES-1:0] line
);

  logic        active;
  logic [15:0] one_hot;

  assign active  = ~(enable ^ ENABLE_LEVEL);
  assign one_hot = {15'd0, active} << address;
  assign line    = one_hot[LINES-1:0] ^ {LINES{!LINE_LEVEL}};

endmodule
