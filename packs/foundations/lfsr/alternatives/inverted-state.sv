// Stores the complement: the feedback then uses XNOR where the number of taps is even.
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

  logic [4:0] state_n;

  always_ff @(posedge clk) begin
    if (rst) state_n <= ~5'(SEED);
    else if (en) state_n <= {state_n[3:0], ^(state_n & MASK) ^ ~^MASK};
  end

  assign q = ~state_n;

endmodule
