// The sum is worked out with 3 bits.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [2:0] x,
    output logic [4:0] sum
);

  logic [2:0] newest, middle, oldest, narrow;

  always_ff @(posedge clk) begin
    if (rst) begin
      newest <= 3'd0;
      middle <= 3'd0;
      oldest <= 3'd0;
    end else if (valid) begin
      newest <= x;
      middle <= newest;
      oldest <= middle;
    end
  end

  assign narrow = newest + middle + oldest;
  assign sum = {2'b00, narrow};

endmodule
