// Nobody divides by zero; outputs count only after the first reset.
module environment (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] divisor,
    output logic       assume_ok,
    output logic       compare_busy,
    output logic       compare_quotient,
    output logic       compare_remainder
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;

    assign assume_ok         = ~start | divisor != 4'd0;
    assign compare_busy      = after_reset;
    assign compare_quotient  = after_reset;
    assign compare_remainder = after_reset;
endmodule
