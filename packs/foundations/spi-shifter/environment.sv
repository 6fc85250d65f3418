// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_cs_n,
    output logic compare_sclk,
    output logic compare_mosi,
    output logic compare_data_out
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;

    assign compare_cs_n     = after_reset;
    assign compare_sclk     = after_reset;
    assign compare_mosi     = after_reset;
    assign compare_data_out = after_reset;
endmodule
