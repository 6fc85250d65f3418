// Misconception: subtracting until the rest is small enough is correct, but takes as many cycles as the quotient says.
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
    logic [3:0] denominator;
    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy        <= 1'b1;
                denominator <= divisor;
                remainder   <= dividend;
                quotient    <= 4'd0;
            end
        end else if (remainder >= denominator) begin
            remainder <= remainder - denominator;
            quotient  <= quotient + 4'd1;
        end else busy <= 1'b0;
    end
endmodule
