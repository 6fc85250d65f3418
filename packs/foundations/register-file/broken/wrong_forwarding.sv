// Mistake: the read of the register being written shows the other of the two words (old instead of new, new instead of old).
module register_file #(
    parameter int WIDTH        = 4,
    parameter int ADDRESS_BITS = 2,
    parameter int ZERO         = 1,
    parameter int BYPASS       = 0
) (
    input  logic                    clk,
    input  logic                    write_enable,
    input  logic [ADDRESS_BITS-1:0] write_address,
    input  logic [WIDTH-1:0]        write_data,
    input  logic [ADDRESS_BITS-1:0] address_a,
    output logic [WIDTH-1:0]        data_a,
    input  logic [ADDRESS_BITS-1:0] address_b,
    output logic [WIDTH-1:0]        data_b
);
    logic [WIDTH-1:0] registers [2**ADDRESS_BITS];
    always_ff @(posedge clk) if (write_enable) registers[write_address] <= write_data;
    always_comb begin
        data_a = (BYPASS == 0 && write_enable && address_a == write_address) ? write_data : registers[address_a];
        data_b = (BYPASS == 0 && write_enable && address_b == write_address) ? write_data : registers[address_b];
        if (ZERO != 0 && address_a == '0) data_a = '0;
        if (ZERO != 0 && address_b == '0) data_b = '0;
    end
endmodule
