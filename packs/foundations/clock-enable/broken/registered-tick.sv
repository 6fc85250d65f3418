// The tick passes through a register and comes one cycle late.
module clock_enable #(
    parameter int DIVIDE = 5
) (
    input  logic clk,
    input  logic rst,
    output logic tick,
    output logic led
);

  logic [4:0] count;

  always_ff @(posedge clk) begin
    if (rst) begin
      count <= 5'd0;
      tick <= 1'b0;
      led <= 1'b0;
    end else begin
      tick <= count == 5'(DIVIDE - 1);
      count <= count == 5'(DIVIDE - 1) ? 5'd0 : count + 5'd1;
      if (tick) led <= ~led;
    end
  end

endmodule
