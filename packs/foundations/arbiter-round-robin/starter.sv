module arbiter_round_robin (
    input  logic       clk,
    input  logic       rst,
    input  logic [${N-1}:0] req,
    output logic [${N-1}:0] grant
);
    // This fixed-priority arbiter is unfair: requester 0 can keep everybody else waiting.
    always_ff @(posedge clk) begin
        if (rst) grant <= '0;
        else grant <= req & (~req + 1'b1);
    end
endmodule
