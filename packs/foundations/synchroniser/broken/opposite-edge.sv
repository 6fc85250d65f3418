// The first stage works at the falling edge: half a cycle to settle, and another sampling instant.
module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic first_stage;

  always_ff @(negedge clk) first_stage <= async_in;

  always_ff @(posedge clk) sync_out <= first_stage;

endmodule
