// Mistake: the operands are multiplied as unsigned numbers, because one unsigned operand makes the whole product unsigned.
module fixed_point_mac #(
    parameter int WIDTH    = 4,
    parameter int FRACTION = 2,
    parameter int GUARD    = 1,
    parameter int ROUND    = 1
) (
    input  logic                    clk,
    input  logic                    rst,
    input  logic                    en,
    input  logic                    first,
    input  logic signed [WIDTH-1:0] a,
    input  logic signed [WIDTH-1:0] b,
    output logic signed [WIDTH-1:0] result
);
    localparam int A = 2 * WIDTH + GUARD;
    logic signed [A-1:0] accumulator;
    logic signed [A:0]   product, sum, scaled;
    localparam logic signed [A:0] Max = (1 << (A - 1)) - 1;
    localparam logic signed [A:0] Min = -(1 << (A - 1));

    always_comb begin
        product = {{(A+1-WIDTH){1'b0}}, a} * {{(A+1-WIDTH){1'b0}}, b};
        sum     = (first ? 0 : accumulator) + product;
        if (sum > Max) sum = Max;
        if (sum < Min) sum = Min;
        scaled = (accumulator + ((ROUND != 0) ? (1 << (FRACTION - 1)) : 0)) >>> FRACTION;
        if (scaled > (1 << (WIDTH - 1)) - 1) scaled = (1 << (WIDTH - 1)) - 1;
        if (scaled < -(1 << (WIDTH - 1))) scaled = -(1 << (WIDTH - 1));
        result = scaled[WIDTH-1:0];
    end
    always_ff @(posedge clk) begin
        if (rst) accumulator <= '0;
        else if (en) accumulator <= sum[A-1:0];
    end
endmodule
