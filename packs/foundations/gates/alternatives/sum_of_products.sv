// The truth table as an OR of minterms; the gates through reduction operators.
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

  logic [2:0] inputs;
  logic [7:0] minterm;

  assign inputs = {a, b, c};
  assign y_and  = &inputs;
  assign y_nor  = ~|inputs;
  assign y_xor  = ^inputs;

  assign minterm = {
     a &  b &  c,
     a &  b & ~c,
     a & ~b &  c,
     a & ~b & ~c,
    ~a &  b &  c,
    ~a &  b & ~c,
    ~a & ~b &  c,
    ~a & ~b & ~c
  };
  assign y_table = |(minterm & TABLE);

endmodule
