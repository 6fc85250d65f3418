// Uses the data signal as a clock and never sees a second pulse end.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  logic seen, previous;

  always_ff @(posedge level or posedge rst) begin
    if (rst) seen <= 1'b0;
    else seen <= 1'b1;
  end

  always_ff @(posedge clk) begin
    if (rst) previous <= 1'b0;
    else previous <= level;
  end

  assign rise = seen & level & ~previous;
  assign fall = ~level & previous;

endmodule
