// Separate places with one-hot write and read selection; the number of entries is kept as a thermometer code.
module fifo #(
    parameter int WIDTH        = 3,
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
    logic [DEPTH-1:0]       write_at, read_at;
    logic [DEPTH:0]         at_least;  // at_least[n]: n entries or more
    logic [DEPTH:1]         filled;
    logic [DEPTH*WIDTH-1:0] shown;

    for (genvar i = 0; i < DEPTH; i++) begin : gen_place
        logic [WIDTH-1:0] stored;
        always_ff @(posedge clk) if (push & write_at[i]) stored <= data_in;
        assign shown[i*WIDTH+:WIDTH] = stored & {WIDTH{read_at[i]}};
    end

    always_comb begin
        data_out = '0;
        for (int i = 0; i < DEPTH; i++) data_out = data_out | shown[i*WIDTH+:WIDTH];
    end

    always_ff @(posedge clk) begin
        if (rst) begin
            write_at <= 1;
            read_at  <= 1;
            filled   <= '0;
        end else begin
            if (push) write_at <= {write_at[DEPTH-2:0], write_at[DEPTH-1]};
            if (pop) read_at <= {read_at[DEPTH-2:0], read_at[DEPTH-1]};
            if (push & ~pop) filled <= {filled[DEPTH-1:1], 1'b1};
            if (pop & ~push) filled <= {1'b0, filled[DEPTH:2]};
        end
    end

    assign at_least     = {filled, 1'b1};
    assign full         = at_least[DEPTH];
    assign empty        = ~at_least[1];
    assign almost_full  = at_least[ALMOST_FULL];
    assign almost_empty = ~at_least[ALMOST_EMPTY+1];
endmodule
