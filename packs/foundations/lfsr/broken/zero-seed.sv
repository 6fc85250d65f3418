// Resets to 0, where the register stays for ever.
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
    if (rst) q <= 5'd0;
    else if (en) q <= {q[3:0], ^(q & 5'(TAPS))};
  end

endmodule
