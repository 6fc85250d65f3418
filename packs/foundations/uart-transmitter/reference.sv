// UART transmitter: the whole frame is composed at start and shifted out, least significant bit first.
module uart_transmitter #(
    parameter int DATA_BITS      = 4,
    parameter int CLOCKS_PER_BIT = 3,
    parameter int PARITY         = 1,  // 0: none, 1: even, 2: odd
    parameter int STOP_BITS      = 1
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 start,
    input  logic [DATA_BITS-1:0] data,
    output logic                 tx,
    output logic                 busy
);
    localparam int ParityBits = (PARITY == 0) ? 0 : 1;
    localparam int FrameBits  = 1 + DATA_BITS + ParityBits + STOP_BITS;
    localparam int ClockWidth = $clog2(CLOCKS_PER_BIT);
    localparam int BitWidth   = $clog2(FrameBits);

    logic [FrameBits-1:0]  frame;        // bit 0 is on the line
    logic [ClockWidth-1:0] clock_count;  // clock cycles of the present bit that are over
    logic [BitWidth-1:0]   bit_count;    // bits of the frame that are over

    logic parity;
    assign parity = (PARITY == 2) ? ~^data : ^data;

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy        <= 1'b1;
                clock_count <= '0;
                bit_count   <= '0;
                frame       <= '1;  // the stop bits, and everything not set below
                frame[0]    <= 1'b0;
                frame[DATA_BITS:1] <= data;
                if (PARITY != 0) frame[DATA_BITS+1] <= parity;
            end
        end else if (clock_count == ClockWidth'(CLOCKS_PER_BIT - 1)) begin
            clock_count <= '0;
            frame       <= {1'b1, frame[FrameBits-1:1]};
            if (bit_count == BitWidth'(FrameBits - 1)) busy <= 1'b0;
            else bit_count <= bit_count + 1'b1;
        end else clock_count <= clock_count + 1'b1;
    end

    assign tx = busy ? frame[0] : 1'b1;
endmodule
