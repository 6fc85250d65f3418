module clock_enable (
    input  logic clk,
    input  logic rst,
    output logic tick,
    output logic led
);

  // This ticks in every cycle: make it slower.
  assign tick = 1'b1;

  always_ff @(posedge clk) begin
    if (rst) led <= 1'b0;
    else if (tick) led <= ~led;
  end

endmodule
