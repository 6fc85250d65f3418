// Outputs count only after the first reset.
module environment (
    input  logic clk,
    input  logic rst,
    output logic compare_tx,
    output logic compare_busy
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;

    assign compare_tx   = after_reset;
    assign compare_busy = after_reset;
endmodule
