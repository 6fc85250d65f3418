// Counts both the rest of the period and the rest of the on-time down.
module pwm #(
    parameter int PERIOD = 6,
    parameter int ACTIVE = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] duty,
    output logic       pulse
);

  logic [3:0] period_left, on_left;

  always_ff @(posedge clk) begin
    if (rst || period_left == 4'd0) begin
      period_left <= 4'(PERIOD - 1);
      on_left <= duty;
    end else begin
      period_left <= period_left - 4'd1;
      if (on_left != 4'd0) on_left <= on_left - 4'd1;
    end
  end

  assign pulse = (on_left != 4'd0) == 1'(ACTIVE);

endmodule
