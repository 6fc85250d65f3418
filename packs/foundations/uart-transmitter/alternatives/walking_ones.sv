// No binary counters: one 1 walks through the clock cycles of a bit, another through the slots of the frame. The line is a
// register of its own.
module uart_transmitter #(
    parameter int DATA_BITS      = 4,
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
    localparam int Payload = DATA_BITS + ((PARITY == 0) ? 0 : 1);
    localparam int Slots   = 1 + Payload + STOP_BITS;

    logic [Payload-1:0] payload, waiting;
    logic [Slots-1:0]   slot;  // one-hot: which slot of the frame is on the line
    logic [CLOCKS_PER_BIT-1:0] ring;  // one-hot: which clock cycle of the slot
    wire                next_bit = ring[CLOCKS_PER_BIT-1];

    if (PARITY == 0) begin : gen_plain
        assign payload = data;
    end else begin : gen_parity
        assign payload = {(PARITY == 2) ? ~(^data) : ^data, data};
    end

    always_ff @(posedge clk) begin
        ring <= busy ? {ring[CLOCKS_PER_BIT-2:0], ring[CLOCKS_PER_BIT-1]} : 1;
        if (rst) begin
            tx   <= 1'b1;
            slot <= '0;
        end else if (!busy) begin
            if (start) begin
                tx      <= 1'b0;
                slot    <= 1;
                waiting <= payload;
            end
        end else if (next_bit) begin
            slot    <= slot << 1;
            tx      <= waiting[0];
            waiting <= {1'b1, waiting[Payload-1:1]};
        end
    end
    assign busy = slot != '0;
endmodule
