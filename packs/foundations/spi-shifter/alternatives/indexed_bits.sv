// The words do not move: counters for the bit and for the half period select the bit to send and the bit to store.
module spi_shifter #(
    parameter int WIDTH     = 4,
    parameter int CPOL      = 0,
    parameter int CPHA      = 0,
    parameter int LSB_FIRST = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             start,
    input  logic [WIDTH-1:0] data_in,
    input  logic             miso,
    output logic             cs_n,
    output logic             sclk,
    output logic             mosi,
    output logic [WIDTH-1:0] data_out
);
    logic       active, second_half;
    logic [2:0] pair;  // how many sclk pulses are over
    logic [7:0] word;  // padded, so that any 3-bit index is inside
    logic [2:0] receive_index, send_index;
    wire        tail = pair == 3'(WIDTH);

    // With CPHA = 1 a bit stays on mosi during the first half of the following pair.
    wire [2:0] bit_on_line = (CPHA != 0 && !second_half) ? pair - 3'd1 : pair;
    assign send_index    = (LSB_FIRST != 0) ? bit_on_line : 3'(WIDTH - 1) - bit_on_line;
    assign receive_index = (LSB_FIRST != 0) ? pair : 3'(WIDTH - 1) - pair;

    always_ff @(posedge clk) begin
        if (rst) active <= 1'b0;
        else if (!active) begin
            active      <= start;
            second_half <= 1'b0;
            pair        <= 3'd0;
            if (start) word <= {{(8-WIDTH){1'b0}}, data_in};
        end else begin
            second_half <= ~second_half;
            if (second_half) pair <= pair + 3'd1;
            if (tail) active <= 1'b0;
            if (!tail && second_half == (CPHA != 0)) begin
                for (int i = 0; i < WIDTH; i++) if (receive_index == 3'(i)) data_out[i] <= miso;
            end
        end
    end

    assign cs_n = ~active;
    assign sclk = (active & second_half) ? CPOL == 0 : CPOL != 0;
    assign mosi = word[send_index];
endmodule
