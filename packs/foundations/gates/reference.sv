// Three basic gates and one function given by its truth table.
// Bit i of TABLE is the value of y_table for {a, b, c} = i.
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
  assign y_table = TABLE[{a, b, c}];

endmodule
