// Blocking assignments merge the two stages into one.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic first_stage;

  always @(posedge clk) begin
    first_stage = async_in;
    sync_out = first_stage;
  end

endmodule
