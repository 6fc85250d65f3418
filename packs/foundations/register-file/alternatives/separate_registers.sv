// One register module per address, a write decoder and AND-OR read selection.
module enabled_register #(
    parameter int WIDTH = 4
) (
    input  logic             clk,
    input  logic             enable,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);
    always_ff @(posedge clk) if (enable) q <= d;
endmodule

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
    localparam int Count = 2**ADDRESS_BITS;
    wire [Count*WIDTH-1:0] words;

    for (genvar i = 0; i < Count; i++) begin : gen_register
        wire             selected = write_enable && write_address == ADDRESS_BITS'(i);
        wire [WIDTH-1:0] stored;
        enabled_register #(.WIDTH(WIDTH)) register (.clk(clk), .enable(selected), .d(write_data), .q(stored));
        if (ZERO != 0 && i == 0) begin : gen_zero
            assign words[i*WIDTH+:WIDTH] = '0;
        end else begin : gen_word
            assign words[i*WIDTH+:WIDTH] = (BYPASS != 0 && selected) ? write_data : stored;
        end
    end

    always_comb begin
        data_a = '0;
        data_b = '0;
        for (int i = 0; i < Count; i++) begin
            data_a |= words[i*WIDTH+:WIDTH] & {WIDTH{address_a == ADDRESS_BITS'(i)}};
            data_b |= words[i*WIDTH+:WIDTH] & {WIDTH{address_b == ADDRESS_BITS'(i)}};
        end
    end
endmodule
