module signed_arithmetic (
  input  logic signed [3:0] a,
  input  logic signed [3:0] b,
  input  logic        [3:0] level,
  output logic signed [4:0] sum,
  output logic signed [7:0] product,
  output logic signed [7:0] scaled,
  output logic signed [3:0] half,
  output logic signed [7:0] weighted
);

  // Drive the five outputs.

endmodule
