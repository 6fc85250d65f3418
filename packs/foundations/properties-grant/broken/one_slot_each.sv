// Misconception: time slots are fair, but a slot is lost when its owner does not request.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic [3:0] slot;
    assign grant = req & slot;
    always_ff @(posedge clk) slot <= rst ? 4'b0001 : {slot[2:0], slot[3]};
endmodule
