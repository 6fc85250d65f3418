// Misconception: a search that always begins at the reset position is a round-robin search.
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
    logic [N-1:0] chosen;
    always_comb begin
        chosen = '0;
        for (int k = N - 1; k >= 0; k--)
            for (int i = 0; i < N; i++)
                if (req[i] && i == (START + ((DOWN != 0) ? N - k : k)) % N) chosen = {{(N-1){1'b0}}, 1'b1} << i;
    end
    always_ff @(posedge clk) grant <= rst ? '0 : chosen;
endmodule
