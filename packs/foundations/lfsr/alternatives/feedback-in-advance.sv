// Works out the feedback one step early and keeps it in a register of its own.
module lfsr #(
    parameter int TAPS = 20,
    parameter int SEED = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [4:0] q
);

  localparam logic [4:0] MASK = 5'(TAPS);

  logic       feedback;
  logic [4:0] next;

  always_comb begin
    next = q;
    if (rst) next = 5'(SEED);
    else if (en) next = {q[3:0], feedback};
  end

  always_ff @(posedge clk) begin
    q <= next;
    feedback <= ^(next & MASK);
  end

endmodule
