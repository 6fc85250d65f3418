// Sum of the last three valid samples.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [3:0] x,
    output logic [5:0] sum
);

  logic [3:0] newest;
  logic [3:0] middle;
  logic [3:0] oldest;

  // Delay line
  always @(posedge clk) begin
    if (rst) begin
      newest = 4'd0;
      middle = 4'd0;
      oldest = 4'd0;
    end else if (valid) begin
      newest = x;
      middle = newest;
      oldest = middle;
    end
  end

  // Adder
  assign sum = newest + middle + oldest;

endmodule
