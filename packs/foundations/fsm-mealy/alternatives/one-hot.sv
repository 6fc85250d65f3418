// One flip-flop per remainder.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [DIVISOR-1:0] remainder, remainder_next;

  // Exactly two pairs of remainder and bit lead to each target: 2r + b is target or target + DIVISOR.
  for (genvar target = 0; target < DIVISOR; target++) begin : g_target
    localparam int HIGH = target + DIVISOR;
    assign remainder_next[target] = (remainder[target/2] && bit_in == 1'(target % 2))
                                  || (remainder[HIGH/2] && bit_in == 1'(HIGH % 2));
  end

  always_ff @(posedge clk) begin
    if (rst) remainder <= {{(DIVISOR - 1) {1'b0}}, 1'b1};
    else remainder <= remainder_next;
  end

  assign hit = remainder_next[REMAINDER];

endmodule
