// Register file with one write port and two combinational read ports.
module register_file #(
    parameter int WIDTH        = 4,
    parameter int ADDRESS_BITS = 2,
    parameter int ZERO         = 1,  // 1: register 0 always reads 0
    parameter int BYPASS       = 0   // 1: a read sees the word that is being written
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

    always_ff @(posedge clk) begin
        if (write_enable) registers[write_address] <= write_data;
    end

    always_comb begin
        data_a = registers[address_a];
        if (BYPASS != 0 && write_enable && address_a == write_address) data_a = write_data;
        if (ZERO != 0 && address_a == '0) data_a = '0;

        data_b = registers[address_b];
        if (BYPASS != 0 && write_enable && address_b == write_address) data_b = write_data;
        if (ZERO != 0 && address_b == '0) data_b = '0;
    end
endmodule
