// Goes back to the start whenever a bit does not fit.
module sequence_detector #(
    parameter int PATTERN = 54
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  localparam logic [5:0] BITS = 6'(PATTERN);

  logic [2:0] matched;

  always_ff @(posedge clk) begin
    if (rst || matched == 3'd6) matched <= 3'd0;
    else if (bit_in == BITS[3'd5-matched]) matched <= matched + 3'd1;
    else matched <= 3'd0;
  end

  assign found = matched == 3'd6;

endmodule
