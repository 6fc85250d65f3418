// Fibonacci linear-feedback shift register; bit i of TAPS selects q[i] for the feedback.
module lfsr #(
    parameter int TAPS = 20,
    parameter int SEED = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [4:0] q
);

  logic feedback;

  assign feedback = ^(q & 5'(TAPS));

  always_ff @(posedge clk) begin
    if (rst) q <= 5'(SEED);
    else if (en) q <= {q[3:0], feedback};
  end

endmodule
