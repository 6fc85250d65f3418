// Misconception: the highest priority always wins, even against an owner that is not finished.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    always_ff @(posedge clk) begin
        if (rst) grant <= 4'b0000;
        else grant <= req & (~req + 4'd1);
    end
endmodule
