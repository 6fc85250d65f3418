module fixed_point_mac (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    input  logic       first,
    input  logic signed [${WIDTH-1}:0] a,
    input  logic signed [${WIDTH-1}:0] b,
    output logic signed [${WIDTH-1}:0] result
);
    logic signed [${2*WIDTH+GUARD-1}:0] accumulator;

    always_ff @(posedge clk) begin
        if (rst) accumulator <= '0;
        else if (en) accumulator <= accumulator + a * b;  // TODO: first, saturation
    end

    assign result = accumulator[${WIDTH-1}:0];  // TODO: binary point, rounding, saturation
endmodule
