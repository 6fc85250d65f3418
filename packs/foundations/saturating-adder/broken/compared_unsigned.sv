// The intermediate sum is not declared signed: every negative sum looks large.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  logic [WIDTH:0] exact;

  assign exact = a + b;

  always_comb begin
    saturated = 1'b1;
    if (exact > LIMIT) sum = WIDTH'(LIMIT);
    else begin
      sum       = exact[WIDTH-1:0];
      saturated = 1'b0;
    end
  end

endmodule
