// Nothing is limited on the negative side.
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
  assign saturated = exact > LIMIT;
  assign sum       = saturated ? WIDTH'(LIMIT) : exact[WIDTH-1:0];

endmodule
