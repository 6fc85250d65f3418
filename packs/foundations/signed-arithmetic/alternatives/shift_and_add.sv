// Products as sums of shifted copies; the sign bit of a multiplier counts negatively.
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

  logic signed [7:0] wide_a;
  logic signed [7:0] wide_b;

  assign wide_a = 8'(a);
  assign wide_b = 8'(b);

  always_comb begin
    product = b[3] ? -(wide_a <<< 3) : 8'sd0;
    for (int i = 0; i < 3; i++) if (b[i]) product += wide_a <<< i;

    scaled = 8'sd0;
    for (int i = 0; i < 4; i++) if (level[i]) scaled += wide_a <<< i;

    weighted = 8'sd0;
    for (int i = 0; i < GAIN_A; i++) weighted += wide_a;
    for (int i = 0; i < GAIN_B; i++) weighted -= wide_b;
  end

  assign sum  = 5'(wide_a + wide_b);
  assign half = 4'(wide_a >>> 1);

endmodule
