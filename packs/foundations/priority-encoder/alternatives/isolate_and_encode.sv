// The winner is isolated as a one-hot vector by arithmetic, then encoded by ORs.
module priority_encoder #(
  parameter int   REQUESTS     = 8,
  parameter int   INDEX_WIDTH  = 3,
  parameter logic HIGHEST_WINS = 1'b1
) (
  input  logic [REQUESTS-1:0]    req,
  output logic                   valid,
  output logic [INDEX_WIDTH-1:0] index
);

  logic [REQUESTS-1:0] ordered;   // highest priority at bit 0
  logic [REQUESTS-1:0] isolated;  // only the lowest 1 of ordered

  always_comb begin
    for (int i = 0; i < REQUESTS; i++) begin
      ordered[i] = HIGHEST_WINS ? req[REQUESTS-1-i] : req[i];
    end
  end

  assign isolated = ordered & (~ordered + REQUESTS'(1));
  assign valid    = req != '0;

  always_comb begin
    index = '0;
    for (int i = 0; i < REQUESTS; i++) begin
      if (isolated[i]) index |= INDEX_WIDTH'(HIGHEST_WINS ? REQUESTS - 1 - i : i);
    end
  end

endmodule
