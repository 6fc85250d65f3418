// Announces the pattern in the cycle of its last bit instead of after it.
module sequence_detector #(
    parameter int PATTERN = 54
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  logic [4:0] history, real_bits;

  always_ff @(posedge clk) begin
    if (rst) begin
      history <= 5'd0;
      real_bits <= 5'd0;
    end else begin
      history <= {history[3:0], bit_in};
      real_bits <= {real_bits[3:0], 1'b1};
    end
  end

  assign found = real_bits == '1 && {history, bit_in} == 6'(PATTERN);

endmodule
