// Mistake: after an owner has finished, the grant is first cleared and only then given to the next one.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    always_ff @(posedge clk) begin
        if (rst) grant <= 4'b0000;
        else if (grant != 4'b0000) grant <= grant & req;
        else grant <= req & (~req + 4'd1);
    end
endmodule
