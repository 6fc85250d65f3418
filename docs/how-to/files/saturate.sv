// The reference: a 4-bit accumulator that stops at 15. Before the first reset its value is unknown (x).
module saturate (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    output logic [3:0] sum
);
  logic [4:0] next;
  assign next = sum + add;

  always_ff @(posedge clk)
    if (rst) sum <= 0;
    else sum <= next[4] ? 15 : next[3:0];
endmodule
