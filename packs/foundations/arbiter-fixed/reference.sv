// Four requesters, fixed priority (0 first); an owner keeps its grant until it stops requesting.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic       owner_still_requests;
    logic [3:0] lowest_request;

    assign owner_still_requests = (grant & req) != 4'b0000;
    assign lowest_request       = req & (~req + 4'd1);  // isolates the lowest 1

    always_ff @(posedge clk) begin
        if (rst) grant <= 4'b0000;
        else if (!owner_still_requests) grant <= lowest_request;
    end
endmodule
