// What the arbiter must do, whatever is inside. Nothing is checked before the first reset or while it is active.
module grant_properties (
    input logic       clk,
    input logic       rst,
    input logic [3:0] req,
    input logic [3:0] grant
);
    logic after_reset = 1'b0;
    always @(posedge clk) if (rst) after_reset <= 1'b1;

    logic checking;
    assign checking = after_reset && !rst;

    always_comb begin
        if (checking) begin
            at_most_one_grant: assert ((grant & (grant - 4'd1)) == 4'd0);
            only_to_a_request: assert ((grant & ~req) == 4'd0);
            never_idle: assert (req == 4'd0 || grant != 4'd0);
        end
    end

    // waited: for how many cycles in a row the request has been there without a grant.
    for (genvar i = 0; i < 4; i++) begin : gen_requester
        logic [1:0] waited = 2'd0;
        always @(posedge clk) begin
            if (rst || !req[i] || grant[i]) waited <= 2'd0;
            else if (waited != 2'd3) waited <= waited + 2'd1;
        end
        always_comb begin
            if (checking) granted_in_time: assert (!(waited == 2'd3 && req[i] && !grant[i]));
        end
    end
endmodule
