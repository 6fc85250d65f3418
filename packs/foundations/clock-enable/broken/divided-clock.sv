// Half the cycles tick: a divided clock instead of an enable.
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
    if (rst || count == 5'(DIVIDE - 1)) count <= 5'd0;
    else count <= count + 5'd1;
  end

  assign tick = count >= 5'(DIVIDE / 2);

  always_ff @(posedge clk) begin
    if (rst) led <= 1'b0;
    else if (count == 5'(DIVIDE - 1)) led <= ~led;
  end

endmodule
