// Misconception: every clock cycle carries a message bit.
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
    always_ff @(posedge clk) begin
        if (rst) crc <= {WIDTH{INIT_ONES != 0}};
        else crc <= (crc << 1) ^ (feedback ? POLY[WIDTH-1:0] : {WIDTH{1'b0}});
    end
endmodule
