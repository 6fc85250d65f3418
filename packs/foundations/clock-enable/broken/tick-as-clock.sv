// Uses the tick as a clock: the light changes when the tick begins.
module clock_enable #(
    parameter int DIVIDE = 5
) (
    input  logic clk,
    input  logic rst,
    output logic tick,
    output logic led
);

  logic [4:0] count;

  assign tick = count == 5'(DIVIDE - 1);

  always_ff @(posedge clk) begin
    if (rst || tick) count <= 5'd0;
    else count <= count + 5'd1;
  end

  always_ff @(posedge tick or posedge rst) begin
    if (rst) led <= 1'b0;
    else led <= ~led;
  end

endmodule
