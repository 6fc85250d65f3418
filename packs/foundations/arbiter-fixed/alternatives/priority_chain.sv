// A chain of cells: "somebody before me requests" ripples from requester 0 to requester 3.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    wire [4:0] taken;
    wire       held = |(grant & req);
    assign taken[0] = held;

    for (genvar i = 0; i < 4; i++) begin : gen_cell
        assign taken[i+1] = taken[i] | req[i];
        always_ff @(posedge clk) begin
            if (rst) grant[i] <= 1'b0;
            else grant[i] <= (held & grant[i]) | (req[i] & ~taken[i]);
        end
    end
endmodule
