// Misconception: the grant may come one cycle later, but by then the request may be gone.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic [3:0] behind;
    wire  [3:0] preferred = req & behind;
    wire  [3:0] candidates = (preferred != 4'd0) ? preferred : req;
    wire  [3:0] chosen = candidates & (~candidates + 4'd1);
    always_ff @(posedge clk) begin
        grant <= rst ? 4'd0 : chosen;
        if (rst) behind <= 4'b1111;
        else if (chosen != 4'd0) behind <= ~(chosen | (chosen - 4'd1));
    end
endmodule
