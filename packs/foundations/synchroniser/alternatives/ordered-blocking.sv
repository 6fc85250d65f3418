// Blocking assignments from the end of the chain to its start: correct, but easily broken by reordering.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic first_stage;

  always @(posedge clk) begin
    sync_out = first_stage;
    first_stage = async_in;
  end

endmodule
