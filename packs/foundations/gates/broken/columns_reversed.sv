// Reads the truth table with the columns in the order c, b, a.
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

  assign y_and   = a & b & c;
  assign y_nor   = ~(a | b | c);
  assign y_xor   = a ^ b ^ c;
  assign y_table = TABLE[{c, b, a}];

endmodule
