// Every input is masked by its own decoded select line; the results are ORed.
module multiplexer (
  input  logic [3:0] d0,
  input  logic [3:0] d1,
  input  logic [3:0] d2,
  input  logic [3:0] d3,
  input  logic [1:0] sel,
  output logic [3:0] y
);

  assign y = (d0 & {4{sel == 2'd0}})
           | (d1 & {4{sel == 2'd1}})
           | (d2 & {4{sel == 2'd2}})
           | (d3 & {4{sel == 2'd3}});

endmodule
