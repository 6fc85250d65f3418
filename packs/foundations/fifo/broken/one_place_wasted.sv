// Misconception: the queue is full when the write index would catch up with the read index, so one place stays unused.
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
    logic [1:0]       write_index, read_index, after_write;
    logic [2:0]       entries;

    assign after_write  = (write_index == 2'(DEPTH - 1)) ? 2'd0 : write_index + 2'd1;
    assign entries      = (write_index >= read_index) ? write_index - read_index : write_index + 3'(DEPTH) - read_index;
    assign full         = after_write == read_index;
    assign empty        = write_index == read_index;
    assign almost_full  = entries >= 3'(ALMOST_FULL);
    assign almost_empty = entries <= 3'(ALMOST_EMPTY);
    assign data_out     = memory[read_index];

    always_ff @(posedge clk) begin
        if (rst) begin
            write_index <= '0;
            read_index  <= '0;
        end else begin
            if (push) begin
                memory[write_index] <= data_in;
                write_index         <= after_write;
            end
            if (pop) read_index <= (read_index == 2'(DEPTH - 1)) ? 2'd0 : read_index + 2'd1;
        end
    end
endmodule
