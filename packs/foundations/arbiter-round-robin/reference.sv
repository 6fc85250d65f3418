// Round-robin arbiter with a registered one-hot grant; whoever was granted comes last in the next search.
module arbiter_round_robin #(
    parameter int N     = 4,
    parameter int START = 0,  // first in the search after reset
    parameter int DOWN  = 0   // 0: the search goes upwards, 1: downwards
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [N-1:0] req,
    output logic [N-1:0] grant
);
    localparam int IndexWidth = $clog2(N);

    logic [IndexWidth-1:0] first;   // where the search begins
    logic [IndexWidth-1:0] winner;
    logic                  found;

    // The next index in the search direction, wrapping around.
    function automatic logic [IndexWidth-1:0] neighbour(input logic [IndexWidth-1:0] index);
        if (DOWN != 0) neighbour = (index == 0) ? IndexWidth'(N - 1) : index - 1'b1;
        else neighbour = (index == IndexWidth'(N - 1)) ? '0 : index + 1'b1;
    endfunction

    always_comb begin
        logic [IndexWidth-1:0] candidate;
        candidate = first;
        winner    = first;
        found     = 1'b0;
        for (int k = 0; k < N; k++) begin
            if (!found && req[candidate]) begin
                winner = candidate;
                found  = 1'b1;
            end
            candidate = neighbour(candidate);
        end
    end

    always_ff @(posedge clk) begin
        if (rst) begin
            grant <= '0;
            first <= IndexWidth'(START);
        end else begin
            for (int i = 0; i < N; i++) grant[i] <= found && winner == IndexWidth'(i);
            if (found) first <= neighbour(winner);
        end
    end
endmodule
