// The same accumulator, with other registers: it keeps the distance to 15 instead of the sum.
module saturate (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    output logic [3:0] sum
);
  logic [3:0] headroom;
  assign sum = 15 - headroom;

  always_ff @(posedge clk)
    if (rst) headroom <= 15;
    else headroom <= (add > headroom) ? 0 : headroom - add;
endmodule
