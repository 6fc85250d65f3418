// All pins are registers; a count of sclk edges that are still to come replaces the step number.
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
    logic [3:0]       edges_left;
    logic [WIDTH-1:0] rest;  // bits still to be sent, without the one on mosi
    wire              idle_level = CPOL != 0;
    wire              pulse_on   = sclk != idle_level;

    function automatic logic first_bit(input logic [WIDTH-1:0] word);
        first_bit = (LSB_FIRST != 0) ? word[0] : word[WIDTH-1];
    endfunction
    function automatic logic [WIDTH-1:0] without_first(input logic [WIDTH-1:0] word);
        without_first = (LSB_FIRST != 0) ? {1'b0, word[WIDTH-1:1]} : {word[WIDTH-2:0], 1'b0};
    endfunction

    always_ff @(posedge clk) begin
        if (rst) begin
            cs_n <= 1'b1;
            sclk <= idle_level;
        end else if (cs_n) begin
            if (start) begin
                cs_n       <= 1'b0;
                edges_left <= 4'(2 * WIDTH);
                if (CPHA == 0) begin
                    mosi <= first_bit(data_in);
                    rest <= without_first(data_in);
                end else rest <= data_in;
            end
        end else if (edges_left == 4'd0) cs_n <= 1'b1;
        else begin
            edges_left <= edges_left - 4'd1;
            sclk       <= ~sclk;
            if (pulse_on == (CPHA != 0)) begin
                // the edge at which both sides sample
                if (LSB_FIRST != 0) data_out <= {miso, data_out[WIDTH-1:1]};
                else data_out <= {data_out[WIDTH-2:0], miso};
            end else begin
                // the edge at which both sides put out their next bit
                mosi <= first_bit(rest);
                rest <= without_first(rest);
            end
        end
    end
endmodule
