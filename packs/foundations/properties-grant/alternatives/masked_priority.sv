// Two fixed-priority selections: one over the requesters behind the last winner, one over all.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic [3:0] behind;  // requesters behind the last winner
    wire  [3:0] preferred = req & behind;
    wire  [3:0] candidates = (preferred != 4'd0) ? preferred : req;
    assign grant = candidates & (~candidates + 4'd1);

    always_ff @(posedge clk) begin
        if (rst) behind <= 4'b1111;
        else if (grant != 4'd0) behind <= ~(grant | (grant - 4'd1));
    end
endmodule
