// Counts in binary and converts to digits at the output.
module bcd_counter #(
    parameter int START = 0,
    parameter int LAST_TENS = 2,
    parameter int LAST_ONES = 3
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [1:0] tens,
    output logic [3:0] ones
);

  localparam logic [5:0] LAST = 6'(10 * LAST_TENS + LAST_ONES);

  logic [5:0] value, rest;

  always_ff @(posedge clk) begin
    if (rst) value <= 6'(START);
    else if (en) value <= (value == LAST) ? 6'(START) : value + 6'd1;
  end

  always_comb begin
    if (value >= 6'd30) tens = 2'd3;
    else if (value >= 6'd20) tens = 2'd2;
    else if (value >= 6'd10) tens = 2'd1;
    else tens = 2'd0;
    rest = value - 6'd10 * 6'(tens);
    ones = rest[3:0];
  end

endmodule
