module sequential_multiplier (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] a,
    input  logic [3:0] b,
    output logic       busy,
    output logic [7:0] product
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

    assign product = 8'd0;  // TODO
endmodule
