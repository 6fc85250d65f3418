// Counts the bits from 1 instead of 0, so that every tap is one place off.
module lfsr #(
    parameter int TAPS = 20,
    parameter int SEED = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [4:0] q
);

  always_ff @(posedge clk) begin
    if (rst) q <= 5'(SEED);
    else if (en) q <= {q[3:0], ^(q & 5'(TAPS >> 1))};
  end

endmodule
