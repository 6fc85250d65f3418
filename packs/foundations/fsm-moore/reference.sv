// Moore machine: the state is the number of leading pattern bits that the latest input bits match.
module sequence_detector #(
    parameter int PATTERN = 54
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  localparam logic [5:0] BITS = 6'(PATTERN);

  logic [2:0] matched, matched_next;
  logic [6:0] known, mask;

  // The known bits are the first `matched` bits of the pattern and then the new one. The longest end of them that
  // is a beginning of the pattern decides; longer ends are tried later and overwrite shorter ones.
  always_comb begin
    known = {BITS >> (3'd6 - matched), bit_in};
    matched_next = 3'd0;
    mask = 7'd0;
    for (int length = 1; length <= 6; length++) begin
      mask = {mask[5:0], 1'b1};
      if (length <= 32'(matched) + 1 && ((known ^ {1'b0, BITS >> (6 - length)}) & mask) == 7'd0) begin
        matched_next = 3'(length);
      end
    end
  end

  always_ff @(posedge clk) begin
    if (rst) matched <= 3'd0;
    else matched <= matched_next;
  end

  assign found = matched == 3'd6;

endmodule
