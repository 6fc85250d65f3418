// Stores the sum of the two younger samples instead of the samples themselves where it can.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [2:0] x,
    output logic [4:0] sum
);

  logic [2:0] newest;
  logic [3:0] pair;
  logic [4:0] total;

  always_ff @(posedge clk) begin
    if (rst) begin
      newest <= 3'd0;
      pair <= 4'd0;
      total <= 5'd0;
    end else if (valid) begin
      newest <= x;
      pair <= 4'(x) + 4'(newest);
      total <= 5'(x) + 5'(pair);
    end
  end

  assign sum = total;

endmodule
