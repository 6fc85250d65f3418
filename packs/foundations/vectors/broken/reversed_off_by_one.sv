// Counts the mirrored position from WIDTH instead of WIDTH - 1.
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

  assign high     = word[WIDTH-1:SPLIT];
  assign low      = word[SPLIT-1:0];
  assign swapped  = {low, high};
  assign repeated = {2{word}};

  always_comb begin
    reversed[0] = word[0];
    for (int i = 1; i < WIDTH; i++) reversed[i] = word[WIDTH-i];
  end

endmodule
