// The start position is one-hot; subtracting it from the request vector written twice finds the winner without a loop.
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
    // For the downward search all vectors are mirrored.
    function automatic logic [N-1:0] oriented(input logic [N-1:0] value);
        for (int i = 0; i < N; i++) oriented[i] = (DOWN != 0) ? value[N-1-i] : value[i];
    endfunction

    localparam logic [N-1:0] First = (DOWN != 0) ? (1 << (N - 1 - START)) : (1 << START);

    logic [N-1:0]   start, winner;
    logic [2*N-1:0] twice, picked;

    always_comb begin
        twice  = {oriented(req), oriented(req)};
        picked = twice & ~(twice - {{N{1'b0}}, start});
        winner = picked[2*N-1:N] | picked[N-1:0];
    end

    always_ff @(posedge clk) begin
        if (rst) begin
            grant <= '0;
            start <= First;
        end else begin
            grant <= oriented(winner);
            if (winner != '0) start <= {winner[N-2:0], winner[N-1]};
        end
    end
endmodule
