// Misconception: the word appears only after pop, as from a synchronous memory.
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
    logic [2:0]       count;

    always_ff @(posedge clk) begin
        if (rst) begin
            write_index <= '0;
            read_index  <= '0;
            count       <= '0;
        end else begin
            if (push) begin
                memory[write_index] <= data_in;
                write_index         <= (write_index == 2'(DEPTH - 1)) ? 2'd0 : write_index + 2'd1;
            end
            if (pop) begin
                data_out   <= memory[read_index];
                read_index <= (read_index == 2'(DEPTH - 1)) ? 2'd0 : read_index + 2'd1;
            end
            count <= count + {2'b00, push} - {2'b00, pop};
        end
    end

    assign full         = count == 3'(DEPTH);
    assign almost_full  = count >= 3'(ALMOST_FULL);
    assign empty        = count == 3'd0;
    assign almost_empty = count <= 3'(ALMOST_EMPTY);
endmodule
