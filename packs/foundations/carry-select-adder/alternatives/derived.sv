// One full addition; the other outputs are derived from it or from each other.
module carry_select_adder #(
  parameter int WIDTH = 8,
  parameter int SPLIT = 4
) (
  input  logic [WIDTH-1:0]     a,
  input  logic [WIDTH-1:0]     b,
  output logic                 low_carry,
  output logic [WIDTH-SPLIT:0] high_0,
  output logic [WIDTH-SPLIT:0] high_1,
  output logic [WIDTH:0]       sum
);

  logic [SPLIT:0] low_only;

  assign sum       = {1'b0, a} + {1'b0, b};
  assign low_only  = (SPLIT + 1)'(a[SPLIT-1:0]) + (SPLIT + 1)'(b[SPLIT-1:0]);
  assign low_carry = low_only[SPLIT];
  assign high_0    = sum[WIDTH:SPLIT] - (WIDTH - SPLIT + 1)'(low_carry);
  assign high_1    = high_0 + (WIDTH - SPLIT + 1)'(1);

endmodule
