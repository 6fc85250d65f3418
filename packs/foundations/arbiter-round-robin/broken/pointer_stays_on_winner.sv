// Mistake: the next search begins at the winner itself, so a requester that never stops starves the others.
module arbiter_round_robin #(
    parameter int N     = 4,
    parameter int START = 0,
    parameter int DOWN  = 0
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [N-1:0] req,
    output logic [N-1:0] grant
);
    int   first, winner;
    logic found;

    always_comb begin
        found  = 1'b0;
        winner = first;
        for (int k = 0; k < N; k++) begin
            int candidate;
            candidate = (DOWN != 0) ? first - k : first + k;
            if (candidate < 0) candidate = candidate + N;
            if (candidate >= N) candidate = candidate - N;
            if (!found && (((req >> candidate) & 1'b1) != 0)) begin
                found  = 1'b1;
                winner = candidate;
            end
        end
    end

    always_ff @(posedge clk) begin
        if (rst) begin
            grant <= '0;
            first <= START;
        end else begin
            grant <= found ? {{(N-1){1'b0}}, 1'b1} << winner : '0;
            if (found) first <= winner;
        end
    end
endmodule
