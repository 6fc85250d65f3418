module logic_gates (
  input  logic a,
  input  logic b,
  input  logic c,
  output logic y_and,
  output logic y_nor,
  output logic y_xor,
  output logic y_table
);

  // Drive the four outputs.

endmodule
