// Signed arithmetic: every operand is signed, so every extension is a sign extension.
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

  logic signed [4:0] signed_level;

  assign signed_level = {1'b0, level};  // 0 to 15, as a signed number

  assign sum      = a + b;
  assign product  = a * b;
  assign scaled   = a * signed_level;
  assign half     = a >>> 1;
  assign weighted = GAIN_A * a - GAIN_B * b;

endmodule
