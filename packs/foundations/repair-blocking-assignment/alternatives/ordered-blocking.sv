// Blocking assignments from the oldest sample to the newest: correct, but easily broken by reordering.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [2:0] x,
    output logic [4:0] sum
);

  logic [8:0] samples;

  always @(posedge clk) begin
    if (rst) begin
      samples = 9'd0;
    end else if (valid) begin
      samples[8:6] = samples[5:3];
      samples[5:3] = samples[2:0];
      samples[2:0] = x;
    end
  end

  assign sum = {2'b00, samples[2:0]} + {2'b00, samples[5:3]} + {2'b00, samples[8:6]};

endmodule
