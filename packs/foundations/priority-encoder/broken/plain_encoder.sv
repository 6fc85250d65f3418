// An encoder without priority: the numbers of all requests are ORed.
module priority_encoder #(
  parameter int   REQUESTS     = 8,
  parameter int   INDEX_WIDTH  = 3,
  parameter logic HIGHEST_WINS = 1'b1
) (
  input  logic [REQUESTS-1:0]    req,
  output logic                   valid,
  output logic [INDEX_WIDTH-1:0] index
);

  assign valid = |req;

  always_comb begin
    index = '0;
    for (int i = 0; i < REQUESTS; i++) begin
      if (req[i]) index = index | INDEX_WIDTH'(i);
    end
  end

endmodule
