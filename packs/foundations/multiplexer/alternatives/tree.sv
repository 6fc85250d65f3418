// A tree of two-way multiplexers.
module multiplexer_2 (
  input  logic [3:0] when_0,
  input  logic [3:0] when_1,
  input  logic       sel,
  output logic [3:0] y
);
  assign y = sel ? when_1 : when_0;
endmodule

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

  multiplexer_2 lower_pair (.when_0(d0), .when_1(d1), .sel(sel[0]), .y(lower));
  multiplexer_2 upper_pair (.when_0(d2), .when_1(d3), .sel(sel[0]), .y(upper));
  multiplexer_2 last_stage (.when_0(lower), .when_1(upper), .sel(sel[1]), .y(y));

endmodule
