// Misconception: sampling and shifting happen at the same sclk edge; here both are at the edge where the other side changes its bit.
module spi_shifter #(
    parameter int WIDTH     = 4,
    parameter int CPOL      = 0,
    parameter int CPHA      = 0,
    parameter int LSB_FIRST = 0
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             start,
    input  logic [WIDTH-1:0] data_in,
    input  logic             miso,
    output logic             cs_n,
    output logic             sclk,
    output logic             mosi,
    output logic [WIDTH-1:0] data_out
);
    logic             active;
    logic [3:0]       step;
    logic [WIDTH-1:0] sending;
    wire              last  = step == 4'(2 * WIDTH);
    wire              shift = (CPHA == 0) ? step[0] : ~step[0] & (step != 4'd0);

    always_ff @(posedge clk) begin
        if (rst) active <= 1'b0;
        else if (!active) begin
            active  <= start;
            step    <= 4'd0;
            sending <= data_in;
        end else begin
            step <= step + 4'd1;
            if (last) active <= 1'b0;
            if (shift) begin
                sending  <= (LSB_FIRST != 0) ? sending >> 1 : sending << 1;
                data_out <= (LSB_FIRST != 0) ? {miso, data_out[WIDTH-1:1]} : {data_out[WIDTH-2:0], miso};
            end
        end
    end
    assign cs_n = ~active;
    assign sclk = (active & step[0]) ^ (CPOL != 0);
    assign mosi = (LSB_FIRST != 0) ? sending[0] : sending[WIDTH-1];
endmodule
