// Blocking assignments from the oldest sample to the newest: correct, but easily broken by reordering.
module moving_sum (
    input  logic       clk,
    input  logic       rst,
    input  logic       valid,
    input  logic [3:0] x,
    output logic [5:0] sum
);

  logic [11:0] samples;

  always @(posedge clk) begin
    if (rst) begin
      samples = 12'd0;
    end else if (valid) begin
      samples[11:8] = samples[7:4];
      samples[7:4] = samples[3:0];
      samples[3:0] = x;
    end
  end

  assign sum = {2'b00, samples[3:0]} + {2'b00, samples[7:4]} + {2'b00, samples[11:8]};

endmodule
