// Properties: without a reset the sum never becomes smaller; whoever uses it adds at most 7 at once.
module never_falls (
    input logic       clk,
    input logic       rst,
    input logic [3:0] add,
    input logic [3:0] sum
);
  logic       known = 0;  // a reset came: before that the registers hold anything
  logic       counting = 0;
  logic [3:0] previous = 0;

  always @(posedge clk) begin
    if (rst) known <= 1;
    counting <= known && !rst;
    previous <= sum;
  end

  always_comb begin
    small_steps: assume (add <= 7);
    if (counting) never_falls: assert (sum >= previous);
  end
endmodule
