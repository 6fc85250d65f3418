// Forgets everything after a match, so overlapping occurrences are missed.
module sequence_detector #(
    parameter int PATTERN = 54
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  logic [5:0] history, real_bits;

  assign found = real_bits == '1 && history == 6'(PATTERN);

  always_ff @(posedge clk) begin
    if (rst) begin
      history <= 6'd0;
      real_bits <= 6'd0;
    end else begin
      history <= {history[4:0], bit_in};
      real_bits <= found ? 6'd1 : {real_bits[4:0], 1'b1};
    end
  end

endmodule
