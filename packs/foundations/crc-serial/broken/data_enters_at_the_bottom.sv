// Misconception: the message bit is shifted in at bit 0 (that needs WIDTH extra zero bits after the message).
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
    always_ff @(posedge clk) begin
        if (rst) crc <= {WIDTH{INIT_ONES != 0}};
        else if (en) crc <= {crc[WIDTH-2:0], data} ^ (crc[WIDTH-1] ? POLY[WIDTH-1:0] : {WIDTH{1'b0}});
    end
endmodule
