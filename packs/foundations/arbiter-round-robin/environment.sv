// Outputs count only after the first reset.
module environment #(
    parameter int N = 4
) (
    input  logic         clk,
    input  logic         rst,
    input  logic [N-1:0] req,
    input  logic [N-1:0] grant,
    output logic         compare_grant
);
    logic after_reset = 1'b0;
    always_ff @(posedge clk) if (rst) after_reset <= 1'b1;
    assign compare_grant = after_reset;
endmodule
