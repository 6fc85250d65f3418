// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_weight_out,
    output logic compare_x_out,
    output logic compare_sum_out
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;
    assign compare_weight_out = after_reset;
    assign compare_x_out      = after_reset;
    assign compare_sum_out    = after_reset;
endmodule
