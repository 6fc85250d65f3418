// Serial CRC, most significant message bit first: one message bit per enabled clock cycle.
module crc_serial #(
    parameter int WIDTH     = 4,
    parameter int POLY      = 3,  // coefficients of x^(WIDTH-1) ... x^0; x^WIDTH is implied
    parameter int INIT_ONES = 0   // value of every register bit after reset
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic             data,
    output logic [WIDTH-1:0] crc
);
    localparam logic [WIDTH-1:0] Polynomial = POLY[WIDTH-1:0];
    localparam logic [WIDTH-1:0] Initial    = {WIDTH{INIT_ONES != 0}};

    // The bit that leaves the register, corrected by the message bit, says whether to subtract the polynomial.
    logic feedback;
    assign feedback = crc[WIDTH-1] ^ data;

    always_ff @(posedge clk) begin
        if (rst) crc <= Initial;
        else if (en) crc <= {crc[WIDTH-2:0], 1'b0} ^ ({WIDTH{feedback}} & Polynomial);
    end
endmodule
