// The owner is stored as a number and a valid bit; the one-hot grant is decoded from them.
module arbiter_fixed (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    logic       active, next_active;
    logic [1:0] owner, next_owner;

    always_comb begin
        next_active = active;
        next_owner  = owner;
        if (!(active && req[owner])) begin
            next_active = req != 4'd0;
            if (req[0]) next_owner = 2'd0;
            else if (req[1]) next_owner = 2'd1;
            else if (req[2]) next_owner = 2'd2;
            else next_owner = 2'd3;
        end
    end

    always_ff @(posedge clk) begin
        active <= rst ? 1'b0 : next_active;
        owner  <= next_owner;
    end

    assign grant = active ? 4'b0001 << owner : 4'b0000;
endmodule
