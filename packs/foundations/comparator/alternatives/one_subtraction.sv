// A single signed subtraction; sign and size of the difference answer everything.
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

  logic signed [WIDTH:0] difference;

  assign difference = {1'b0, a} - {1'b0, b};
  assign less       = difference[WIDTH];
  assign equal      = ~|difference;
  assign greater    = ~less & ~equal;
  assign near       = difference >= -TOLERANCE && difference <= TOLERANCE;

endmodule
