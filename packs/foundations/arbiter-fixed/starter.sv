module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    always_ff @(posedge clk) begin
        if (rst) grant <= 4'b0000;
        // TODO: keep the owner, or choose a new one
    end
endmodule
