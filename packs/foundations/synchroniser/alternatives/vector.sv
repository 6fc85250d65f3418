// A shift register of two bits.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic [1:0] stages;

  always_ff @(posedge clk) stages <= {stages[0], async_in};

  assign sync_out = stages[1];

endmodule
