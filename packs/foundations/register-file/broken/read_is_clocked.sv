// Misconception: reading needs a clock edge too, so data arrives one cycle late.
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
    always_ff @(posedge clk) begin
        if (write_enable) registers[write_address] <= write_data;
        data_a <= (ZERO != 0 && address_a == '0) ? '0 : registers[address_a];
        data_b <= (ZERO != 0 && address_b == '0) ? '0 : registers[address_b];
    end
endmodule
