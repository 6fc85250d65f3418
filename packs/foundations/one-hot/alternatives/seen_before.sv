// A running scan: has a 1 been seen, has a second one been seen?
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  logic [6:0] seen;
  logic [6:0] twice;

  assign seen[0]  = 1'b0;
  assign twice[0] = 1'b0;

  generate
    for (genvar i = 0; i < 6; i++) begin : g_scan
      assign seen[i+1]  = seen[i] | code[i];
      assign twice[i+1] = twice[i] | (seen[i] & code[i]);
    end
  endgenerate

  assign none  = ~seen[6];
  assign valid = seen[6] & ~twice[6];

  // With exactly one 1, the number of positions before it is the number of zeros in seen[6:1].
  always_comb begin
    index = 3'd0;
    for (int i = 1; i <= 6; i++) begin
      if (!seen[i]) index = index + 3'd1;
    end
  end

endmodule
