// Misconception: priority goes to the highest index.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    always_ff @(posedge clk) begin
        if (rst) grant <= 4'b0000;
        else if ((grant & req) == 4'b0000) begin
            casez (req)
                4'b1???: grant <= 4'b1000;
                4'b01??: grant <= 4'b0100;
                4'b001?: grant <= 4'b0010;
                4'b0001: grant <= 4'b0001;
                default: grant <= 4'b0000;
            endcase
        end
    end
endmodule
