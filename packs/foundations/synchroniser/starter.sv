module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  // One flip-flop is not enough.
  always_ff @(posedge clk) begin
    sync_out <= async_in;
  end

endmodule
