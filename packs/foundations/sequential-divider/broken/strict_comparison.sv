// Mistake: ">" instead of ">=": a divisor that fits exactly is not subtracted.
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
    logic [1:0] step;
    wire  [4:0] trial = {remainder, quotient[3]};
    wire        fits  = trial > {1'b0, denominator};

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy        <= 1'b1;
                step        <= 2'd0;
                denominator <= divisor;
                remainder   <= 4'd0;
                quotient    <= dividend;
            end
        end else begin
            remainder <= fits ? trial - {1'b0, denominator} : trial;
            quotient  <= {quotient[2:0], fits};
            step      <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end
endmodule
