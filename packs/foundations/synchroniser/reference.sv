// Two flip-flops in a row bring a foreign signal into the clock domain of clk.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic first_stage;

  always_ff @(posedge clk) begin
    first_stage <= async_in;
    sync_out <= first_stage;
  end

endmodule
