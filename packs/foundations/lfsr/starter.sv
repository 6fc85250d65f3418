module lfsr (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [4:0] q
);

  // A shift register that takes in zeros: give it its feedback.
  always_ff @(posedge clk) begin
    if (rst) q <= 5'd${SEED};
    else if (en) q <= {q[3:0], 1'b0};
  end

endmodule
