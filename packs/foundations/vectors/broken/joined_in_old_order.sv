// Joins the parts in the order they came: that is the word itself.
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
  assign swapped  = {high, low};
  assign repeated = {2{word}};

  always_comb begin
    for (int i = 0; i < WIDTH; i++) reversed[i] = word[WIDTH-1-i];
  end

endmodule
