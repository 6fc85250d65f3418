// One stage too many.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic first_stage, second_stage;

  always_ff @(posedge clk) begin
    first_stage <= async_in;
    second_stage <= first_stage;
    sync_out <= second_stage;
  end

endmodule
