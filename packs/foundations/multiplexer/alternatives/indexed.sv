// All inputs side by side, one slice picked by its index.
module multiplexer (
  input  logic [3:0] d0,
  input  logic [3:0] d1,
  input  logic [3:0] d2,
  input  logic [3:0] d3,
  input  logic [1:0] sel,
  output logic [3:0] y
);

  logic [15:0] all_inputs;

  assign all_inputs = {d3, d2, d1, d0};
  assign y = all_inputs[4 * sel +: 4];

endmodule
