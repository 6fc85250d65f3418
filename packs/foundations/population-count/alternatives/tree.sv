// A balanced tree: sums of pairs, of fours, of eights.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  logic [15:0] padded;
  logic [7:0][1:0] pairs;
  logic [3:0][2:0] fours;
  logic [1:0][3:0] eights;

  assign padded = 16'(votes);

  generate
    for (genvar i = 0; i < 8; i++) begin : g_pairs
      assign pairs[i] = {padded[2*i] & padded[2*i+1], padded[2*i] ^ padded[2*i+1]};
    end
    for (genvar i = 0; i < 4; i++) begin : g_fours
      assign fours[i] = {1'b0, pairs[2*i]} + {1'b0, pairs[2*i+1]};
    end
    for (genvar i = 0; i < 2; i++) begin : g_eights
      assign eights[i] = {1'b0, fours[2*i]} + {1'b0, fours[2*i+1]};
    end
  endgenerate

  assign count  = eights[0] + eights[1];
  assign passed = !(count < THRESHOLD);

endmodule
