// Misconception: each cycle belongs to one requester; if that one does not request, nobody is granted.
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
    logic [N-1:0] turn;
    always_ff @(posedge clk) begin
        if (rst) begin
            grant <= '0;
            turn  <= {{(N-1){1'b0}}, 1'b1} << START;
        end else begin
            grant <= req & turn;
            turn  <= (DOWN != 0) ? {turn[0], turn[N-1:1]} : {turn[N-2:0], turn[N-1]};
        end
    end
endmodule
