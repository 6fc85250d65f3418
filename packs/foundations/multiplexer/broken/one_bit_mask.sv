// The 1-bit comparisons are not widened to 4 bits: only bit 0 gets through.
module multiplexer (
  input  logic [3:0] d0,
  input  logic [3:0] d1,
  input  logic [3:0] d2,
  input  logic [3:0] d3,
  input  logic [1:0] sel,
  output logic [3:0] y
);

  assign y = (d0 & (sel == 2'd0))
           | (d1 & (sel == 2'd1))
           | (d2 & (sel == 2'd2))
           | (d3 & (sel == 2'd3));

endmodule
