// Shift-and-add multiplier: one bit of b per clock cycle.
module sequential_multiplier (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] a,
    input  logic [3:0] b,
    output logic       busy,
    output logic [7:0] product
);
    logic [3:0] multiplicand;
    logic [7:0] partial;  // upper part: sum so far; lower part: bits of b not used yet
    logic [1:0] step;

    logic [4:0] sum;
    assign sum = {1'b0, partial[7:4]} + (partial[0] ? {1'b0, multiplicand} : 5'd0);

    always_ff @(posedge clk) begin
        if (rst) begin
            busy    <= 1'b0;
            partial <= 'x;  // no product yet
        end else if (!busy) begin
            if (start) begin
                busy         <= 1'b1;
                step         <= 2'd0;
                multiplicand <= a;
                partial      <= {4'b0000, b};
            end
        end else begin
            partial <= {sum, partial[3:1]};
            step    <= step + 2'd1;
            if (step == 2'd3) busy <= 1'b0;
        end
    end

    assign product = busy ? 'x : partial;
endmodule
