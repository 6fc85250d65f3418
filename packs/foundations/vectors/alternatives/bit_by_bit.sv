// One assignment per bit.
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

  generate
    for (genvar i = 0; i < WIDTH; i++) begin : g_bit
      if (i < SPLIT) begin : g_low
        assign low[i] = word[i];
      end else begin : g_high
        assign high[i-SPLIT] = word[i];
      end
      assign swapped[(i + WIDTH - SPLIT) % WIDTH] = word[i];
      assign reversed[WIDTH-1-i] = word[i];
      assign repeated[i]         = word[i];
      assign repeated[i+WIDTH]   = word[i];
    end
  endgenerate

endmodule
