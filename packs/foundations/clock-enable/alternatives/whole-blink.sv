// One counter for a whole on-off period; both outputs are read off it.
module clock_enable #(
    parameter int DIVIDE = 5
) (
    input  logic clk,
    input  logic rst,
    output logic tick,
    output logic led
);

  logic [5:0] count;

  always_ff @(posedge clk) begin
    if (rst || count == 6'(2 * DIVIDE - 1)) count <= 6'd0;
    else count <= count + 6'd1;
  end

  assign led  = count >= 6'(DIVIDE);
  assign tick = count == 6'(DIVIDE - 1) || count == 6'(2 * DIVIDE - 1);

endmodule
