// Inside the braces the sum has one bit: it is the parity.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  logic sum;

  always_comb begin
    sum = 1'b0;
    for (int i = 0; i < WIDTH; i++) sum = sum + votes[i];
  end

  assign count  = {3'd0, sum};
  assign passed = count >= THRESHOLD;

endmodule
