// Misconception: "round" means that the start position turns with every clock cycle, request or not.
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
    localparam int IndexWidth = $clog2(N);
    logic [IndexWidth-1:0] first, candidate;
    logic [N-1:0]          chosen;

    function automatic logic [IndexWidth-1:0] neighbour(input logic [IndexWidth-1:0] index);
        if (DOWN != 0) neighbour = (index == 0) ? IndexWidth'(N - 1) : index - 1'b1;
        else neighbour = (index == IndexWidth'(N - 1)) ? '0 : index + 1'b1;
    endfunction

    always_comb begin
        candidate = first;
        chosen    = '0;
        for (int k = 0; k < N; k++) begin
            if (chosen == '0 && req[candidate]) chosen = {{(N-1){1'b0}}, 1'b1} << candidate;
            candidate = neighbour(candidate);
        end
    end

    always_ff @(posedge clk) begin
        if (rst) begin
            grant <= '0;
            first <= IndexWidth'(START);
        end else begin
            grant <= chosen;
            first <= neighbour(first);
        end
    end
endmodule
