module spi_shifter (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [${WIDTH-1}:0] data_in,
    input  logic       miso,
    output logic       cs_n,
    output logic       sclk,
    output logic       mosi,
    output logic [${WIDTH-1}:0] data_out
);
    logic active;
    logic [3:0] step;  // 0 to ${2*WIDTH}

    always_ff @(posedge clk) begin
        if (rst) active <= 1'b0;
        else if (!active) begin
            if (start) begin
                active <= 1'b1;
                step   <= 4'd0;
            end
        end else begin
            step <= step + 4'd1;
            // TODO: end of the transfer, sending, receiving
        end
    end

    assign cs_n     = ~active;
    assign sclk     = ${"1'b1" if CPOL else "1'b0"};  // TODO
    assign mosi     = 1'b0;  // TODO
    assign data_out = '0;    // TODO
endmodule
