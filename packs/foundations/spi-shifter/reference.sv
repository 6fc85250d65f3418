// SPI controller, one word per transfer; every half period of sclk is one clock cycle.
module spi_shifter #(
    parameter int WIDTH     = 4,
    parameter int CPOL      = 0,  // level of sclk at rest
    parameter int CPHA      = 0,  // 0: sample at the first edge of each sclk pulse, 1: at the second
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
    localparam int LastStep  = 2 * WIDTH;
    localparam int StepWidth = $clog2(LastStep + 1);

    logic                 active;
    logic [StepWidth-1:0] step;      // 0 ... LastStep, odd while the sclk pulse is on
    logic [WIDTH-1:0]     sending;   // the next bit to send comes first
    logic [WIDTH-1:0]     received;

    logic last, take_miso, next_mosi;
    assign last      = step == StepWidth'(LastStep);
    assign take_miso = (CPHA == 0) ? !step[0] && !last : step[0];
    assign next_mosi = (CPHA == 0) ? step[0] : !step[0] && step != '0;

    always_ff @(posedge clk) begin
        if (rst) begin
            active   <= 1'b0;
            received <= 'x;  // nothing received yet
        end else if (!active) begin
            if (start) begin
                active  <= 1'b1;
                step    <= '0;
                sending <= data_in;
            end
        end else begin
            step <= step + 1'b1;
            if (last) active <= 1'b0;
            if (take_miso) received <= (LSB_FIRST != 0) ? {miso, received[WIDTH-1:1]} : {received[WIDTH-2:0], miso};
            if (next_mosi) sending <= (LSB_FIRST != 0) ? sending >> 1 : sending << 1;
        end
    end

    // mosi carries a bit during two steps: 2i and 2i+1 with CPHA = 0, 2i+1 and 2i+2 with CPHA = 1.
    logic mosi_counts;
    assign mosi_counts = active && ((CPHA == 0) ? !last : step != '0);

    assign cs_n     = !active;
    assign sclk     = (active && step[0]) ^ (CPOL != 0);
    assign mosi     = mosi_counts ? ((LSB_FIRST != 0) ? sending[0] : sending[WIDTH-1]) : 1'bx;
    assign data_out = active ? 'x : received;
endmodule
