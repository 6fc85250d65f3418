// Next values in one combinational block; parity by a chain of XOR gates; only the bits that are not constant are shifted.
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

    logic [Slots-1:0] line, next_line;  // line[0] is sent
    logic [3:0]       slot, next_slot;
    logic [1:0]       cycle, next_cycle;
    logic             next_busy;
    logic [DATA_BITS:0] odd;  // odd[i]: the number of ones below bit i is odd

    assign odd[0] = PARITY == 2;
    for (genvar i = 0; i < DATA_BITS; i++) begin : gen_parity
        assign odd[i+1] = odd[i] ^ data[i];
    end

    always_comb begin
        next_line  = line;
        next_slot  = slot;
        next_cycle = cycle;
        next_busy  = busy;
        if (busy) begin
            next_cycle = cycle + 2'd1;
            if (next_cycle == 2'(CLOCKS_PER_BIT)) begin
                next_cycle = 2'd0;
                next_line  = {1'b1, line[Slots-1:1]};
                next_slot  = slot + 4'd1;
                next_busy  = next_slot != 4'(Slots);
            end
        end else if (start) begin
            next_line = {{(Slots-1){1'b1}}, 1'b0};
            for (int i = 0; i < DATA_BITS; i++) next_line[i+1] = data[i];
            if (PARITY != 0) next_line[DATA_BITS+1] = odd[DATA_BITS];
            next_slot  = 4'd0;
            next_cycle = 2'd0;
            next_busy  = 1'b1;
        end
        if (rst) next_busy = 1'b0;
    end

    always_ff @(posedge clk) {line, slot, cycle, busy} <= {next_line, next_slot, next_cycle, next_busy};
    assign tx = line[0] | ~busy;
endmodule
