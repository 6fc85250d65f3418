// Restoring divider: one bit of the quotient per clock cycle, most significant bit first.
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
    logic [3:0] rest;    // remainder so far
    logic [3:0] digits;  // dividend bits not used yet on the left, quotient bits found on the right
    logic [1:0] step;

    logic [4:0] trial;
    logic       fits;
    assign trial = {rest, digits[3]};
    assign fits  = trial >= {1'b0, denominator};

    always_ff @(posedge clk) begin
        if (rst) begin
            busy   <= 1'b0;
            rest   <= 'x;  // no result yet
            digits <= 'x;
        end else if (!busy) begin
            if (start) begin
                busy        <= 1'b1;
                step        <= 2'd0;
                denominator <= divisor;
                rest        <= 4'd0;
                digits      <= dividend;
            end
        end else begin
            rest   <= fits ? 4'(trial - {1'b0, denominator}) : trial[3:0];
            digits <= {digits[2:0], fits};
            step   <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end

    assign quotient  = busy ? 'x : digits;
    assign remainder = busy ? 'x : rest;
endmodule
