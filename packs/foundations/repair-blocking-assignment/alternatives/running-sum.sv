// Keeps the sum in a register: add the sample that comes, subtract the one that leaves.
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
      sum <= 6'd0;
    end else if (valid) begin
      newest <= x;
      middle <= newest;
      oldest <= middle;
      sum <= sum + 6'(x) - 6'(oldest);
    end
  end

endmodule
