// Stores the sum of the two younger samples instead of the samples themselves where it can.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [3:0] x,
    output logic [5:0] sum
);

  logic [3:0] newest;
  logic [4:0] pair;
  logic [5:0] total;

  always_ff @(posedge clk) begin
    if (rst) begin
      newest <= 4'd0;
      pair <= 5'd0;
      total <= 6'd0;
    end else if (valid) begin
      newest <= x;
      pair <= 5'(x) + 5'(newest);
      total <= 6'(x) + 6'(pair);
    end
  end

  assign sum = total;

endmodule
