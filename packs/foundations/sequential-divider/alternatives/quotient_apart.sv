// Dividend, quotient and remainder in registers of their own; the quotient is built with one-hot weights.
module sequential_divider (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] dividend,
    input  logic [3:0] divisor,
    output logic       busy,
    output logic [3:0] quotient,
    output logic [3:0] remainder
);
    logic [3:0] numerator, denominator;
    logic [1:0] index;
    wire  [4:0] trial      = {remainder, numerator[index]};
    wire  [4:0] difference = trial - {1'b0, denominator};

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (busy) begin
            if (trial < {1'b0, denominator}) begin
                remainder <= trial[3:0];
            end else begin
                remainder       <= difference[3:0];
                quotient[index] <= 1'b1;
            end
            index <= index - 2'd1;
            busy  <= index != 2'd0;
        end else if (start) begin
            busy        <= 1'b1;
            index       <= 2'd3;
            numerator   <= dividend;
            denominator <= divisor;
            quotient    <= 4'd0;
            remainder   <= 4'd0;
        end
    end
endmodule
