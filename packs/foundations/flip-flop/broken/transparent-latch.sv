// Follows d during the whole high phase of the clock.
module flip_flop (
    input  logic clk,
    input  logic rst,
    input  logic d,
    output logic q
);

  always_latch begin
    if (clk) q = d & ~rst;
  end

endmodule
