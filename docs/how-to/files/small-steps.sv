// The environment: who uses the accumulator never adds more than 1, and reads the sum only when nobody resets it.
module environment (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    input  logic [3:0] sum,
    output logic       assume_ok,
    output logic       compare_sum
);
  assign assume_ok = add <= 1;
  assign compare_sum = !rst;
endmodule
