// Compares from the most significant bit down: the first difference decides.
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

  always_comb begin
    less    = 1'b0;
    greater = 1'b0;
    for (int i = WIDTH - 1; i >= 0; i--) begin
      if (!less && !greater) begin
        less    = ~a[i] & b[i];
        greater = a[i] & ~b[i];
      end
    end
  end

  assign equal = ~(less | greater);

  // Near without a distance: neither number is out of the other's reach.
  logic [WIDTH:0] reach_of_a;
  logic [WIDTH:0] reach_of_b;

  assign reach_of_a = {1'b0, a} + (WIDTH + 1)'(TOLERANCE);
  assign reach_of_b = {1'b0, b} + (WIDTH + 1)'(TOLERANCE);
  assign near       = {1'b0, b} <= reach_of_a && {1'b0, a} <= reach_of_b;

endmodule
