// Counts the 1s; the lowest bit of the count tells odd from even. The receiver computes the parity bit again and compares.
module parity #(
  parameter int   WIDTH = 7,
  parameter logic ODD   = 1'b0
) (
  input  logic [WIDTH-1:0] data,
  input  logic [WIDTH:0]   received,
  output logic [WIDTH:0]   sent,
  output logic             error
);

  function automatic logic parity_bit(input logic [WIDTH-1:0] word);
    logic [4:0] ones;
    ones = ODD ? 5'd1 : 5'd0;
    for (int i = 0; i < WIDTH; i++) ones = ones + {4'd0, word[i]};
    parity_bit = ones[0];
  endfunction

  assign sent  = {parity_bit(data), data};
  assign error = received[WIDTH] != parity_bit(received[WIDTH-1:0]);

endmodule
