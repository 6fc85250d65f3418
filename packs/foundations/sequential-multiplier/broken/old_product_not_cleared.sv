// Mistake: the sum is not cleared at start, so the next product is added to the previous one.
module sequential_multiplier (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] a,
    input  logic [3:0] b,
    output logic       busy,
    output logic [7:0] product
);
    logic [7:0] addend;
    logic [3:0] multiplier;
    logic [1:0] step;

    always_ff @(posedge clk) begin
        if (rst) begin
            busy    <= 1'b0;
            product <= 8'd0;
        end else if (!busy) begin
            if (start) begin
                busy       <= 1'b1;
                step       <= 2'd0;
                addend     <= {4'd0, a};
                multiplier <= b;
            end
        end else begin
            if (multiplier[0]) product <= product + addend;
            addend     <= addend << 1;
            multiplier <= multiplier >> 1;
            step       <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end
endmodule
