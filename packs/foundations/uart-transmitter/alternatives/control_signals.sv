// Control signals first (load, shift, last), then one short rule for each register.
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
    localparam int Slots = 1 + DATA_BITS + ((PARITY == 0) ? 0 : 1) + STOP_BITS;

    logic [Slots-1:0]                  line, composed;  // bit 0 is sent
    logic [$clog2(Slots)-1:0]          slot;
    logic [$clog2(CLOCKS_PER_BIT)-1:0] cycle;

    wire slot_ends = int'(cycle) == CLOCKS_PER_BIT - 1;
    wire last      = int'(slot) == Slots - 1;
    wire load      = start & ~busy & ~rst;
    wire shift     = busy & slot_ends & ~rst;

    always_comb begin
        composed    = '1;
        composed[0] = 1'b0;
        for (int i = 0; i < DATA_BITS; i++) composed[i+1] = data[i];
        if (PARITY != 0) composed[DATA_BITS+1] = (PARITY == 2) ^ (^data);
    end

    always_ff @(posedge clk) begin
        busy <= ~rst & (load | (busy & ~(slot_ends & last)));

        if (load) line <= composed;
        else if (shift) line <= {1'b1, line[Slots-1:1]};

        if (load) slot <= '0;
        else if (shift & ~last) slot <= slot + 1'b1;

        if (load | shift) cycle <= '0;
        else if (busy & ~rst) cycle <= cycle + 1'b1;
    end

    assign tx = line[0] | ~busy;
endmodule
