// The multiplicand moves left instead of the sum moving right; the multiplier is a register of its own.
module sequential_multiplier (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] a,
    input  logic [3:0] b,
    output logic       busy,
    output logic [7:0] product
);
    logic [7:0] addend;
    logic [3:0] multiplier;
    logic [2:0] steps_left;

    assign busy = steps_left != 3'd0;

    always_ff @(posedge clk) begin
        if (rst) steps_left <= 3'd0;
        else if (busy) begin
            if (multiplier[0]) product <= product + addend;
            addend     <= addend << 1;
            multiplier <= multiplier >> 1;
            steps_left <= steps_left - 3'd1;
        end else if (start) begin
            product    <= 8'd0;
            addend     <= {4'd0, a};
            multiplier <= b;
            steps_left <= 3'd4;
        end
    end
endmodule
