// A sum that just reaches a limit is already reported as saturated.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  logic signed [WIDTH:0] exact;

  assign exact     = a + b;
  assign saturated = exact >= LIMIT || exact <= -LIMIT;

  always_comb begin
    if (exact >= LIMIT) sum = WIDTH'(LIMIT);
    else if (exact <= -LIMIT) sum = WIDTH'(-LIMIT);
    else sum = exact[WIDTH-1:0];
  end

endmodule
