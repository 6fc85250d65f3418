// Takes a sample at every edge.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [3:0] x,
    output logic [5:0] sum
);

  logic [3:0] newest, middle, oldest;

  always_ff @(posedge clk) begin
    if (rst) begin
      newest <= 4'd0;
      middle <= 4'd0;
      oldest <= 4'd0;
    end else begin
      newest <= x;
      middle <= newest;
      oldest <= middle;
    end
  end

  assign sum = 6'(newest) + 6'(middle) + 6'(oldest);

endmodule
