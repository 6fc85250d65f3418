// Split into small modules: the wrap of an index, the flags as a thermometer code, and one register per place with a
// decoded write and an AND-OR read.
module following #(
    parameter int DEPTH = 4
) (
    input  logic [1:0] index,
    output logic [1:0] next
);
    wire last = ~|(index ^ 2'(DEPTH - 1));
    assign next = (index + 2'd1) & {2{~last}};
endmodule

module thermometer #(
    parameter int DEPTH = 4
) (
    input  logic [$clog2(DEPTH+1)-1:0] entries,
    output logic [DEPTH:0]             at_least  // at_least[n]: n entries or more
);
    for (genvar n = 0; n <= DEPTH; n++) begin : gen_level
        assign at_least[n] = int'(entries) >= n;
    end
endmodule

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
    logic [1:0]       head, tail;
    wire  [1:0]       after_head, after_tail;
    logic [C-1:0]     entries;
    wire  [DEPTH:0]   at_least;
    logic [WIDTH-1:0] shown [DEPTH];

    following #(.DEPTH(DEPTH)) next_head (.index(head), .next(after_head));
    following #(.DEPTH(DEPTH)) next_tail (.index(tail), .next(after_tail));
    thermometer #(.DEPTH(DEPTH)) level (.entries(entries), .at_least(at_least));

    for (genvar i = 0; i < DEPTH; i++) begin : gen_place
        logic [WIDTH-1:0] word;
        always_ff @(posedge clk) if (push & ~rst & (tail == 2'(i))) word <= data_in;
        assign shown[i] = word & {WIDTH{head == 2'(i)}};
    end

    always_comb begin
        data_out = '0;
        for (int i = 0; i < DEPTH; i++) data_out = data_out | shown[i];
    end

    always_ff @(posedge clk) begin
        head    <= rst ? 2'd0 : pop ? after_head : head;
        tail    <= rst ? 2'd0 : push ? after_tail : tail;
        entries <= rst ? '0 : entries + C'(push) - C'(pop);
    end

    assign full         = entries == C'(DEPTH);
    assign empty        = ~at_least[1];
    assign almost_full  = at_least[ALMOST_FULL];
    assign almost_empty = ~at_least[ALMOST_EMPTY+1];
endmodule
