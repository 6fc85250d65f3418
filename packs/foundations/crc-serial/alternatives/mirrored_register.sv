// The register is kept bit-reversed and shifts right; the output puts the bits back in order.
module crc_serial #(
    parameter int WIDTH     = 4,
    parameter int POLY      = 3,
    parameter int INIT_ONES = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             data,
    output logic [WIDTH-1:0] crc
);
    logic [WIDTH-1:0] mirrored, taps, next;

    always_comb begin
        for (int i = 0; i < WIDTH; i++) begin
            crc[i]  = mirrored[WIDTH-1-i];
            taps[i] = POLY[WIDTH-1-i];
        end
        next = mirrored >> 1;
        if (mirrored[0] != data) next = next ^ taps;
    end

    always_ff @(posedge clk) begin
        if (rst) mirrored <= {WIDTH{INIT_ONES != 0}};
        else mirrored <= en ? next : mirrored;
    end
endmodule
