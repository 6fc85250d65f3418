// Signed adder that saturates at +LIMIT and -LIMIT. The exact sum needs one bit more than its operands.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  localparam logic signed [WIDTH:0] UPPER = (WIDTH + 1)'(LIMIT);
  localparam logic signed [WIDTH:0] LOWER = -UPPER;

  logic signed [WIDTH:0] exact;

  assign exact = a + b;  // both operands are sign-extended to the width of exact

  always_comb begin
    if (exact > UPPER) begin
      sum       = UPPER[WIDTH-1:0];
      saturated = 1'b1;
    end else if (exact < LOWER) begin
      sum       = LOWER[WIDTH-1:0];
      saturated = 1'b1;
    end else begin
      sum       = exact[WIDTH-1:0];
      saturated = 1'b0;
    end
  end

endmodule
