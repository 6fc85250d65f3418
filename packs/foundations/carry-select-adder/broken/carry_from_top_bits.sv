// Guesses the lower block's carry from its top bits alone.
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

  logic [SPLIT-1:0] low_sum;

  assign low_sum   = a[SPLIT-1:0] + b[SPLIT-1:0];
  assign low_carry = a[SPLIT-1] & b[SPLIT-1];
  assign high_0    = {1'b0, a[WIDTH-1:SPLIT]} + {1'b0, b[WIDTH-1:SPLIT]};
  assign high_1    = high_0 + 1'b1;
  assign sum       = {low_carry ? high_1 : high_0, low_sum};

endmodule
