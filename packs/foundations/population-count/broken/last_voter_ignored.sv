// The loop ends one bit too early.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  always_comb begin
    count = 4'd0;
    for (int i = 0; i < WIDTH - 1; i++) count = count + {3'd0, votes[i]};
  end

  assign passed = count >= THRESHOLD;

endmodule
