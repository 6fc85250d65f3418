// The pulses pass through registers and come one cycle late.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  logic previous;

  always_ff @(posedge clk) begin
    if (rst) begin
      previous <= 1'b0;
      rise <= 1'b0;
      fall <= 1'b0;
    end else begin
      previous <= level;
      rise <= level & ~previous;
      fall <= ~level & previous;
    end
  end

endmodule
