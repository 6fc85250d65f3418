// Carry lookahead: every carry straight from generate and propagate.
module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  logic [3:0] g;
  logic [3:0] p;

  assign g = a & b;
  assign p = a ^ b;

  assign carry[0] = g[0] | (p[0] & cin);
  assign carry[1] = g[1] | (p[1] & g[0]) | (p[1] & p[0] & cin);
  assign carry[2] = g[2] | (p[2] & g[1]) | (p[2] & p[1] & g[0]) | (p[2] & p[1] & p[0] & cin);
  assign carry[3] = g[3] | (p[3] & g[2]) | (p[3] & p[2] & g[1]) | (p[3] & p[2] & p[1] & g[0])
                  | (p[3] & p[2] & p[1] & p[0] & cin);
  assign sum = p ^ {carry[2:0], cin};

endmodule
