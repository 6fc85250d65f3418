// Each register bit is described on its own: a shift register with XOR gates at the taps.
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
    wire feedback = crc[WIDTH-1] ^ data;

    for (genvar i = 0; i < WIDTH; i++) begin : gen_bit
        wire previous = (i == 0) ? 1'b0 : crc[(i == 0) ? 0 : i-1];
        wire tap      = ((POLY >> i) & 1) != 0;
        always_ff @(posedge clk) begin
            if (rst) crc[i] <= INIT_ONES != 0;
            else if (en) crc[i] <= tap ? previous ^ feedback : previous;
        end
    end
endmodule
