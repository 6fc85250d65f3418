// The truth table as a tree of two-way selections, one input at a time; the gates as nested conditions.
module logic_gates #(
  parameter logic [7:0] TABLE = 8'd180
) (
  input  logic a,
  input  logic b,
  input  logic c,
  output logic y_and,
  output logic y_nor,
  output logic y_xor,
  output logic y_table
);

  logic [3:0] half;
  logic [1:0] quarter;

  assign half    = a ? TABLE[7:4] : TABLE[3:0];
  assign quarter = b ? half[3:2] : half[1:0];
  assign y_table = c ? quarter[1] : quarter[0];

  always_comb begin
    y_and = 1'b0;
    y_nor = 1'b1;
    y_xor = 1'b0;
    if (a && b && c) y_and = 1'b1;
    if (a || b || c) y_nor = 1'b0;
    if (a) y_xor = !y_xor;
    if (b) y_xor = !y_xor;
    if (c) y_xor = !y_xor;
  end

endmodule
