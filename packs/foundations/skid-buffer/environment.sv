// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_in_ready,
    output logic compare_out_valid,
    output logic compare_out_data
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;

    assign compare_in_ready  = after_reset;
    assign compare_out_valid = after_reset;
    assign compare_out_data  = after_reset;
endmodule
