// Synchronous FIFO, first word falls through: the oldest entry is visible while the queue is not empty.
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
    localparam int IndexWidth = $clog2(DEPTH);
    localparam int CountWidth = $clog2(DEPTH + 1);

    logic [WIDTH-1:0]      memory [DEPTH];
    logic [IndexWidth-1:0] write_index;
    logic [IndexWidth-1:0] read_index;
    logic [CountWidth-1:0] count;

    // The place after the last one is place 0.
    function automatic logic [IndexWidth-1:0] advanced(input logic [IndexWidth-1:0] index);
        advanced = (index == IndexWidth'(DEPTH - 1)) ? '0 : index + 1'b1;
    endfunction

    always_ff @(posedge clk) begin
        if (rst) begin
            write_index <= '0;
            read_index  <= '0;
            count       <= '0;
        end else begin
            if (push) begin
                memory[write_index] <= data_in;
                write_index         <= advanced(write_index);
            end
            if (pop) read_index <= advanced(read_index);
            case ({push, pop})
                2'b10:   count <= count + 1'b1;
                2'b01:   count <= count - 1'b1;
                default: count <= count;
            endcase
        end
    end

    assign full         = count == CountWidth'(DEPTH);
    assign almost_full  = count >= CountWidth'(ALMOST_FULL);
    assign empty        = count == '0;
    assign almost_empty = count <= CountWidth'(ALMOST_EMPTY);
    assign data_out     = empty ? 'x : memory[read_index];  // nothing to show while empty
endmodule
