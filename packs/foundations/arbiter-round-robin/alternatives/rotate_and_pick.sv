// Rotate the requests so that the start position comes to bit 0, take the lowest one, rotate back.
module rotator #(
    parameter int N = 4
) (
    input  logic [N-1:0]         value,
    input  logic [$clog2(N)-1:0] amount,
    input  logic                 right,
    output logic [N-1:0]         rotated
);
    wire [2*N-1:0] shifted_right = {value, value} >> amount;
    wire [2*N-1:0] shifted_left  = {value, value} << amount;
    assign rotated = right ? shifted_right[N-1:0] : shifted_left[2*N-1:N];
endmodule

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
    logic [IndexWidth-1:0] first, next_first;
    logic [N-1:0] rotated, lowest, highest, chosen, winner;
    logic [IndexWidth-1:0] rotation;

    // Searching downwards from `first` is taking the highest bit after first+1 has been rotated to bit 0.
    assign rotation = (DOWN == 0) ? first : (first == IndexWidth'(N - 1)) ? '0 : first + 1'b1;

    rotator #(.N(N)) forth (.value(req), .amount(rotation), .right(1'b1), .rotated(rotated));
    assign lowest = rotated & (~rotated + 1'b1);
    always_comb begin
        highest = '0;
        for (int i = 0; i < N; i++) if (rotated[i]) highest = {{(N-1){1'b0}}, 1'b1} << i;
    end
    assign chosen = (DOWN == 0) ? lowest : highest;
    rotator #(.N(N)) back (.value(chosen), .amount(rotation), .right(1'b0), .rotated(winner));

    always_comb begin
        next_first = first;
        for (int i = 0; i < N; i++)
            if (winner[i]) next_first = IndexWidth'((DOWN == 0) ? (i + 1) % N : (i + N - 1) % N);
    end

    always_ff @(posedge clk) begin
        first <= rst ? IndexWidth'(START) : next_first;
        grant <= rst ? '0 : winner;
    end
endmodule
