module register_file (
    input  logic       clk,
    input  logic       write_enable,
    input  logic [${ADDRESS_BITS-1}:0] write_address,
    input  logic [${WIDTH-1}:0] write_data,
    input  logic [${ADDRESS_BITS-1}:0] address_a,
    output logic [${WIDTH-1}:0] data_a,
    input  logic [${ADDRESS_BITS-1}:0] address_b,
    output logic [${WIDTH-1}:0] data_b
);
    logic [${WIDTH-1}:0] registers [${2**ADDRESS_BITS}];

    always_ff @(posedge clk) begin
        if (write_enable) registers[write_address] <= write_data;
    end

    assign data_a = registers[0];  // TODO: read the addressed register, with the special cases
    assign data_b = registers[0];  // TODO
endmodule
