// Any bit that is 1 in a and 0 in b counts, not only the most significant difference.
module comparator #(
  parameter int WIDTH     = 5,
  parameter int TOLERANCE = 3
) (
  input  logic [WIDTH-1:0] a,
  input  logic [WIDTH-1:0] b,
  output logic             less,
  output logic             equal,
  output logic             greater,
  output logic             near
);

  assign less    = |(~a & b);
  assign equal   = a == b;
  assign greater = |(a & ~b);
  assign near    = ((a > b) ? a - b : b - a) <= TOLERANCE;

endmodule
