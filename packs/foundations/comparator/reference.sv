// Magnitude comparator; near compares the distance, always taken from the larger number.
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

  logic [WIDTH-1:0] distance;

  assign less     = a < b;
  assign equal    = a == b;
  assign greater  = a > b;
  assign distance = greater ? a - b : b - a;
  assign near     = distance <= TOLERANCE;

endmodule
