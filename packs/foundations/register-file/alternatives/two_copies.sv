// Each read port has a memory of its own, as in FPGA block memories; every write goes to both copies.
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
    logic [WIDTH-1:0] copy_a [2**ADDRESS_BITS];
    logic [WIDTH-1:0] copy_b [2**ADDRESS_BITS];
    wire really_write = write_enable && !(ZERO != 0 && write_address == '0);

    always_ff @(posedge clk) begin
        if (really_write) begin
            copy_a[write_address] <= write_data;
            copy_b[write_address] <= write_data;
        end
    end

    function automatic logic [WIDTH-1:0] seen(input logic [ADDRESS_BITS-1:0] address, input logic [WIDTH-1:0] stored);
        if (ZERO != 0 && address == '0) seen = '0;
        else if (BYPASS != 0 && really_write && address == write_address) seen = write_data;
        else seen = stored;
    endfunction

    assign data_a = seen(address_a, copy_a[address_a]);
    assign data_b = seen(address_b, copy_b[address_b]);
endmodule
