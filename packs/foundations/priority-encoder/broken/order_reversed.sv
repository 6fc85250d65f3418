// The loop runs the wrong way: the lowest priority wins.
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
      if (HIGHEST_WINS) begin
        if (req[REQUESTS-1-i]) index = INDEX_WIDTH'(REQUESTS - 1 - i);
      end else begin
        if (req[i]) index = INDEX_WIDTH'(i);
      end
    end
  end

endmodule
