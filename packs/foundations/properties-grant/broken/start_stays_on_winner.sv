// Mistake: the winner stays first, so it can win for ever.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic [1:0] start, winner;
    always_comb begin
        grant  = 4'b0000;
        winner = start;
        for (int k = 3; k >= 0; k--) begin
            if (req[start+2'(k)]) begin
                winner = start + 2'(k);
                grant  = 4'b0001 << winner;
            end
        end
    end
    always_ff @(posedge clk) begin
        if (rst) start <= 2'd0;
        else if (grant != 4'b0000) start <= winner;
    end
endmodule
