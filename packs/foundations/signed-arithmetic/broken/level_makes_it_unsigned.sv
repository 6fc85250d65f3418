// The unsigned level makes the whole product unsigned: a is extended with zeros.
module signed_arithmetic #(
  parameter int GAIN_A = 3,
  parameter int GAIN_B = 2
) (
  input  logic signed [3:0] a,
  input  logic signed [3:0] b,
  input  logic        [3:0] level,
  output logic signed [4:0] sum,
  output logic signed [7:0] product,
  output logic signed [7:0] scaled,
  output logic signed [3:0] half,
  output logic signed [7:0] weighted
);

  assign sum      = a + b;
  assign product  = a * b;
  assign scaled   = a * level;
  assign half     = a >>> 1;
  assign weighted = GAIN_A * a - GAIN_B * b;

endmodule
