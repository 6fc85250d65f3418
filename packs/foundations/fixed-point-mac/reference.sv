// Multiply-accumulate with signed fixed-point numbers; accumulator and result saturate.
module fixed_point_mac #(
    parameter int WIDTH    = 4,
    parameter int FRACTION = 2,  // fraction bits of a, b and result; the accumulator has twice as many
    parameter int GUARD    = 1,  // integer bits the accumulator has more than a product
    parameter int ROUND    = 1   // 0: round down, 1: round to nearest, ties up
) (
    input  logic                    clk,
    input  logic                    rst,
    input  logic                    en,
    input  logic                    first,
    input  logic signed [WIDTH-1:0] a,
    input  logic signed [WIDTH-1:0] b,
    output logic signed [WIDTH-1:0] result
);
    localparam int AccWidth = 2 * WIDTH + GUARD;

    typedef logic signed [AccWidth:0] wide_t;  // one bit more than the accumulator: sums cannot overflow
    localparam wide_t AccMax    = 2**(AccWidth-1) - 1;
    localparam wide_t AccMin    = -(2**(AccWidth-1));
    localparam wide_t ResultMax = 2**(WIDTH-1) - 1;
    localparam wide_t ResultMin = -(2**(WIDTH-1));
    localparam wide_t Half      = (ROUND != 0) ? 2**(FRACTION-1) : 0;

    logic signed [AccWidth-1:0] accumulator;
    wide_t                      product, sum, scaled;

    always_comb begin
        product = a * b;
        sum     = product;
        if (!first) sum = accumulator + product;
        if (sum > AccMax) sum = AccMax;
        if (sum < AccMin) sum = AccMin;
    end

    always_ff @(posedge clk) begin
        if (rst) accumulator <= '0;
        else if (en) accumulator <= sum[AccWidth-1:0];
    end

    always_comb begin
        scaled = accumulator + Half;
        scaled = scaled >>> FRACTION;
        if (scaled > ResultMax) scaled = ResultMax;
        if (scaled < ResultMin) scaled = ResultMin;
        result = scaled[WIDTH-1:0];
    end
endmodule
