// No counter: each index carries a phase bit that flips at every wrap. Equal indices with different phases mean full.
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
    logic [WIDTH-1:0] memory [DEPTH];
    logic [1:0]       write_index, read_index;
    logic             write_phase, read_phase;
    logic [3:0]       entries;

    always_comb begin
        if (write_phase == read_phase) entries = {2'b00, write_index} - {2'b00, read_index};
        else entries = {2'b00, write_index} + 4'(DEPTH) - {2'b00, read_index};
    end

    assign full         = write_index == read_index && write_phase != read_phase;
    assign empty        = write_index == read_index && write_phase == read_phase;
    assign almost_full  = !(entries < 4'(ALMOST_FULL));
    assign almost_empty = !(entries > 4'(ALMOST_EMPTY));
    assign data_out     = memory[read_index];

    always_ff @(posedge clk) begin
        if (push) memory[write_index] <= data_in;
        if (rst) {write_phase, write_index} <= '0;
        else if (push) begin
            if (write_index == 2'(DEPTH - 1)) begin
                write_index <= '0;
                write_phase <= ~write_phase;
            end else write_index <= write_index + 2'd1;
        end
        if (rst) {read_phase, read_index} <= '0;
        else if (pop) begin
            if (read_index == 2'(DEPTH - 1)) begin
                read_index <= '0;
                read_phase <= ~read_phase;
            end else read_index <= read_index + 2'd1;
        end
    end
endmodule
