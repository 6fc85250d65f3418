// Compares as two's complement numbers.
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

  assign less    = $signed(a) < $signed(b);
  assign equal   = a == b;
  assign greater = $signed(a) > $signed(b);
  assign near    = ((a > b) ? a - b : b - a) <= TOLERANCE;

endmodule
