// Compares with the input itself: a change takes effect in the middle of a period.
module pwm #(
    parameter int PERIOD = 6,
    parameter int ACTIVE = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] duty,
    output logic       pulse
);

  logic [3:0] position;

  always_ff @(posedge clk) begin
    if (rst || position == 4'(PERIOD - 1)) position <= 4'd0;
    else position <= position + 4'd1;
  end

  assign pulse = (position < duty) ? 1'(ACTIVE) : ~1'(ACTIVE);

endmodule
