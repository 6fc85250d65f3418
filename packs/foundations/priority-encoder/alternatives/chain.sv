// A chain of cells: each passes on "nobody before me has asked".
module priority_encoder #(
  parameter int   REQUESTS     = 8,
  parameter int   INDEX_WIDTH  = 3,
  parameter logic HIGHEST_WINS = 1'b1
) (
  input  logic [REQUESTS-1:0]    req,
  output logic                   valid,
  output logic [INDEX_WIDTH-1:0] index
);

  logic [REQUESTS-1:0] winner;

  generate
    for (genvar i = 0; i < REQUESTS; i++) begin : g_cell
      if (HIGHEST_WINS) begin : g_down
        if (i == REQUESTS - 1) begin : g_first
          assign winner[i] = req[i];
        end else begin : g_next
          assign winner[i] = req[i] & ~(|req[REQUESTS-1:i+1]);
        end
      end else begin : g_up
        if (i == 0) begin : g_first
          assign winner[i] = req[i];
        end else begin : g_next
          assign winner[i] = req[i] & ~(|req[i-1:0]);
        end
      end
    end
    for (genvar b = 0; b < INDEX_WIDTH; b++) begin : g_index
      logic [REQUESTS-1:0] contributes;
      for (genvar i = 0; i < REQUESTS; i++) begin : g_bit
        assign contributes[i] = ((i >> b) & 1) != 0 ? winner[i] : 1'b0;
      end
      assign index[b] = |contributes;
    end
  endgenerate

  assign valid = |winner;

endmodule
