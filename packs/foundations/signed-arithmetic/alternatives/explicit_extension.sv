// No signed arithmetic at all: the sign bits are copied by hand, results are taken modulo 256.
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

  logic [7:0] wide_a;
  logic [7:0] wide_b;

  assign wide_a = {{4{a[3]}}, a};
  assign wide_b = {{4{b[3]}}, b};

  assign sum      = wide_a[4:0] + wide_b[4:0];
  assign product  = wide_a * wide_b;
  assign scaled   = wide_a * {4'b0000, level};
  assign half     = {a[3], a[3:1]};
  assign weighted = wide_a * 8'(GAIN_A) - wide_b * 8'(GAIN_B);

endmodule
