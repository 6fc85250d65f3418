// A timer that runs down to 0.
module clock_enable #(
    parameter int DIVIDE = 5
) (
    input  logic clk,
    input  logic rst,
    output logic tick,
    output logic led
);

  logic [4:0] left;

  assign tick = left == 5'd0;

  always_ff @(posedge clk) begin
    if (rst) begin
      left <= 5'(DIVIDE - 1);
      led <= 1'b0;
    end else begin
      left <= tick ? 5'(DIVIDE - 1) : left - 5'd1;
      led <= led ^ tick;
    end
  end

endmodule
