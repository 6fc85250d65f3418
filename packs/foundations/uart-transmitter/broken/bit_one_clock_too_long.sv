// Mistake: the clock counter runs from 0 to CLOCKS_PER_BIT inclusive.
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
    localparam int Bits = 1 + DATA_BITS + ((PARITY == 0) ? 0 : 1) + STOP_BITS;
    logic [Bits-1:0] frame, composed;
    logic [2:0]      clock_count;
    logic [3:0]      bit_count;

    always_comb begin
        composed              = '1;
        composed[0]           = 1'b0;
        composed[DATA_BITS:1] = data;
        if (PARITY != 0) composed[DATA_BITS+1] = (PARITY == 2) ? ~(^data) : ^data;
    end
    assign tx = busy ? frame[0] : 1'b1;

    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (!busy) begin
            if (start) begin
                busy        <= 1'b1;
                frame       <= composed;
                clock_count <= '0;
                bit_count   <= '0;
            end
        end else if (clock_count == 3'(CLOCKS_PER_BIT)) begin
            clock_count <= '0;
            bit_count   <= bit_count + 4'd1;
            frame       <= frame >> 1;
            if (bit_count == 4'(Bits - 1)) busy <= 1'b0;
        end else clock_count <= clock_count + 3'd1;
    end
endmodule
