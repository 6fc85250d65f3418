// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_pc,
    output logic compare_acc,
    output logic compare_halted
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;

    assign compare_pc     = after_reset;
    assign compare_acc    = after_reset;
    assign compare_halted = after_reset;
endmodule
