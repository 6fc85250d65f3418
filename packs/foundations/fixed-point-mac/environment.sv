// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_result
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;
    assign compare_result = after_reset;
endmodule
