// Misconception: searching upwards and downwards in turn is fair; the requesters in the middle can still be kept waiting.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic downwards;
    always_comb begin
        grant = 4'b0000;
        if (downwards) begin
            for (int i = 0; i < 4; i++) if (req[i]) grant = 4'b0001 << i;
        end else begin
            for (int i = 3; i >= 0; i--) if (req[i]) grant = 4'b0001 << i;
        end
    end
    always_ff @(posedge clk) downwards <= rst ? 1'b0 : ~downwards;
endmodule
