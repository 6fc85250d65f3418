// The system function of SystemVerilog for this purpose.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  assign count  = 4'($countones(votes));
  assign passed = $countones(votes) > THRESHOLD - 1;

endmodule
