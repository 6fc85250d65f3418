// Mistake: input a is used during all steps although it may change after start.
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
    wire  [4:0] sum = product[7:4] + (product[0] ? a : 4'd0);

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy    <= 1'b1;
                step    <= 2'd0;
                product <= {4'd0, b};
            end
        end else begin
            product <= {sum, product[3:1]};
            step    <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end
endmodule
