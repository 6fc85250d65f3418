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
    logic [1:0] step;

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy <= 1'b1;
                step <= 2'd0;
                // TODO: take over the operands
            end
        end else begin
            // TODO: one step
            step <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end

    assign quotient  = 4'd0;  // TODO
    assign remainder = 4'd0;  // TODO
endmodule
