// The output comes from a flip-flop that is set at the start of a period and cleared when the on-time is over.
module pwm #(
    parameter int PERIOD = 6,
    parameter int ACTIVE = 1
) (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] duty,
    output logic       pulse
);

  logic [3:0] position, position_next, stored_duty;

  assign position_next = position + 4'd1;

  always_ff @(posedge clk) begin
    if (rst || position_next == 4'(PERIOD)) begin
      position <= 4'd0;
      stored_duty <= duty;
      pulse <= (duty == 4'd0) ^ 1'(ACTIVE);
    end else begin
      position <= position_next;
      if (position_next == stored_duty) pulse <= ~1'(ACTIVE);
    end
  end

endmodule
