// The tree's two select bits changed places: 1 and 2 are mixed up.
module multiplexer (
  input  logic [3:0] d0,
  input  logic [3:0] d1,
  input  logic [3:0] d2,
  input  logic [3:0] d3,
  input  logic [1:0] sel,
  output logic [3:0] y
);

  logic [3:0] lower;
  logic [3:0] upper;

  assign lower = sel[1] ? d1 : d0;
  assign upper = sel[1] ? d3 : d2;
  assign y     = sel[0] ? upper : lower;

endmodule
