// The registers of the usual solution, with all next values computed apart from them; words selected one by one.
module fifo #(
    parameter int WIDTH        = 2,
    parameter int DEPTH        = 4,
    parameter int ALMOST_FULL  = 3,
    parameter int ALMOST_EMPTY = 1
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             push,
    input  logic [WIDTH-1:0] data_in,
    output logic             full,
    output logic             almost_full,
    input  logic             pop,
    output logic [WIDTH-1:0] data_out,
    output logic             empty,
    output logic             almost_empty
);
    localparam int C = $clog2(DEPTH + 1);
    logic [DEPTH-1:0][WIDTH-1:0] words;
    logic [1:0] head, tail, next_head, next_tail;
    logic [C-1:0] entries, next_entries;

    always_comb begin
        next_tail    = tail;
        next_head    = head;
        next_entries = entries + C'(push) - C'(pop);
        if (push) next_tail = (tail == 2'(DEPTH - 1)) ? 2'd0 : tail + 2'd1;
        if (pop) next_head = (head == 2'(DEPTH - 1)) ? 2'd0 : head + 2'd1;
        if (rst) begin
            next_tail    = 2'd0;
            next_head    = 2'd0;
            next_entries = '0;
        end
        data_out = words[0];
        for (int i = 1; i < DEPTH; i++) if (head == 2'(i)) data_out = words[i];
    end

    assign full         = ~|(entries ^ C'(DEPTH));
    assign empty        = ~|entries;
    assign almost_full  = entries > C'(ALMOST_FULL - 1);
    assign almost_empty = entries < C'(ALMOST_EMPTY + 1);

    always_ff @(posedge clk) begin
        tail    <= next_tail;
        head    <= next_head;
        entries <= next_entries;
        for (int i = 0; i < DEPTH; i++) if (push && !rst && tail == 2'(i)) words[i] <= data_in;
    end
endmodule
