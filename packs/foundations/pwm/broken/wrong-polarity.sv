// On and off are exchanged.
module pwm #(
    parameter int PERIOD = 6,
    parameter int ACTIVE = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] duty,
    output logic       pulse
);

  logic [3:0] position, stored_duty;

  always_ff @(posedge clk) begin
    if (rst || position == 4'(PERIOD - 1)) begin
      position <= 4'd0;
      stored_duty <= duty;
    end else begin
      position <= position + 4'd1;
    end
  end

  assign pulse = (position < stored_duty) ? ~1'(ACTIVE) : 1'(ACTIVE);

endmodule
