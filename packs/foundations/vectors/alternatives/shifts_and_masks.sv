// The same wiring through shifts, sizes and arithmetic.
module vector_tools #(
  parameter int WIDTH = 8,
  parameter int SPLIT = 3
) (
  input  logic [WIDTH-1:0]       word,
  output logic [WIDTH-SPLIT-1:0] high,
  output logic [SPLIT-1:0]       low,
  output logic [WIDTH-1:0]       swapped,
  output logic [WIDTH-1:0]       reversed,
  output logic [2*WIDTH-1:0]     repeated
);

  assign {high, low} = word;
  assign swapped     = WIDTH'(word >> SPLIT) | WIDTH'(word << (WIDTH - SPLIT));
  assign repeated    = (2 * WIDTH)'(word) | ((2 * WIDTH)'(word) << WIDTH);
  assign reversed    = {<<{word}};

endmodule
