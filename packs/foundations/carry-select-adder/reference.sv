// Carry-select adder of two blocks: the upper block is computed for both carries, then chosen.
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

  localparam int HIGH = WIDTH - SPLIT;

  logic [SPLIT-1:0] low_sum;

  assign {low_carry, low_sum} = {1'b0, a[SPLIT-1:0]} + {1'b0, b[SPLIT-1:0]};

  assign high_0 = {1'b0, a[WIDTH-1:SPLIT]} + {1'b0, b[WIDTH-1:SPLIT]};
  assign high_1 = {1'b0, a[WIDTH-1:SPLIT]} + {1'b0, b[WIDTH-1:SPLIT]} + (HIGH + 1)'(1);

  assign sum = {low_carry ? high_1 : high_0, low_sum};

endmodule
