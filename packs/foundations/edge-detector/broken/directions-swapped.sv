// Takes the old value for the new one.
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

  assign rise = previous & ~level;
  assign fall = ~previous & level;

endmodule
