// The same outputs from ripple-carry blocks written as a module.
module ripple_block #(
  parameter int WIDTH = 4
) (
  input  logic [WIDTH-1:0] x,
  input  logic [WIDTH-1:0] y,
  input  logic             cin,
  output logic [WIDTH:0]   total
);
  logic [WIDTH:0] carry;

  assign carry[0] = cin;
  generate
    for (genvar i = 0; i < WIDTH; i++) begin : g_stage
      assign total[i]   = x[i] ^ y[i] ^ carry[i];
      assign carry[i+1] = (x[i] & y[i]) | (carry[i] & (x[i] | y[i]));
    end
  endgenerate
  assign total[WIDTH] = carry[WIDTH];
endmodule

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

  logic [SPLIT:0] low;

  ripple_block #(.WIDTH(SPLIT)) low_block (.x(a[SPLIT-1:0]), .y(b[SPLIT-1:0]), .cin(1'b0), .total(low));
  ripple_block #(.WIDTH(HIGH)) block_0 (.x(a[WIDTH-1:SPLIT]), .y(b[WIDTH-1:SPLIT]), .cin(1'b0), .total(high_0));
  ripple_block #(.WIDTH(HIGH)) block_1 (.x(a[WIDTH-1:SPLIT]), .y(b[WIDTH-1:SPLIT]), .cin(1'b1), .total(high_1));

  assign low_carry = low[SPLIT];
  assign sum = low_carry ? {high_1, low[SPLIT-1:0]} : {high_0, low[SPLIT-1:0]};

endmodule
