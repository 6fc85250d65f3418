// A state machine over the fields of the frame; the data register shifts only during the data bits.
module uart_transmitter #(
    parameter int DATA_BITS      = 5,
    parameter int CLOCKS_PER_BIT = 3,
    parameter int PARITY         = 1,
    parameter int STOP_BITS      = 1
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 start,
    input  logic [DATA_BITS-1:0] data,
    output logic                 tx,
    output logic                 busy
);
    typedef enum logic [2:0] {IDLE, START, DATA, CHECK, STOP} field_t;
    field_t               field;
    logic [DATA_BITS-1:0] remaining;
    logic                 parity;
    logic [2:0]           index;      // within the field
    logic [1:0]           clocks_left;

    always_ff @(posedge clk) begin
        if (rst) field <= IDLE;
        else if (field == IDLE) begin
            if (start) begin
                field       <= START;
                remaining   <= data;
                parity      <= (PARITY == 2) ^ (^data);
                index       <= 3'd0;
                clocks_left <= 2'(CLOCKS_PER_BIT - 1);
            end
        end else if (clocks_left != 2'd0) clocks_left <= clocks_left - 2'd1;
        else begin
            clocks_left <= 2'(CLOCKS_PER_BIT - 1);
            index       <= 3'd0;
            case (field)
                START: field <= DATA;
                DATA: begin
                    remaining <= remaining >> 1;
                    index     <= index + 3'd1;
                    if (index == 3'(DATA_BITS - 1)) begin
                        field <= (PARITY == 0) ? STOP : CHECK;
                        index <= 3'd0;
                    end
                end
                CHECK: field <= STOP;
                default: begin
                    index <= index + 3'd1;
                    if (index == 3'(STOP_BITS - 1)) field <= IDLE;
                end
            endcase
        end
    end

    assign busy = field != IDLE;
    always_comb begin
        case (field)
            START:   tx = 1'b0;
            DATA:    tx = remaining[0];
            CHECK:   tx = parity;
            default: tx = 1'b1;
        endcase
    end
endmodule
