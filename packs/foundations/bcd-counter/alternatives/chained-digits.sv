// A decimal digit in a module of its own, and the tens chained to it by a carry.
module decimal_digit (
    input  logic       clk,
    input  logic       clear,
    input  logic       step,
    input  logic [3:0] initial_value,
    output logic [3:0] digit,
    output logic       carry
);

  assign carry = step && digit == 4'd9;

  always_ff @(posedge clk) begin
    if (clear) digit <= initial_value;
    else if (carry) digit <= 4'd0;
    else if (step) digit <= digit + 4'd1;
  end

endmodule

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

  logic carry, clear;

  assign clear = rst || (en && tens == 2'(LAST_TENS) && ones == 4'(LAST_ONES));

  decimal_digit u_ones (
      .clk(clk),
      .clear(clear),
      .step(en),
      .initial_value(4'(START)),
      .digit(ones),
      .carry(carry)
  );

  always_ff @(posedge clk) begin
    if (clear) tens <= 2'd0;
    else if (carry) tens <= tens + 2'd1;
  end

endmodule
