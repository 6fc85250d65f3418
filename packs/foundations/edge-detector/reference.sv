// One-cycle pulses on rising and falling steps of level.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  logic previous;

  always_ff @(posedge clk) begin
    if (rst) previous <= 1'b0;
    else previous <= level;
  end

  assign rise = level & ~previous;
  assign fall = ~level & previous;

endmodule
