// The accumulator is kept with an offset (its sign bit inverted), so that saturation becomes an unsigned question.
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
    localparam logic [A-1:0] Zero = 1'b1 << (A - 1);

    logic [A-1:0]             shifted;  // accumulator + 2^(A-1)
    logic signed [2*WIDTH-1:0] product;
    logic [A:0]               base, total;
    logic signed [A+1:0]      value;

    assign product = a * b;
    assign base    = {1'b0, first ? Zero : shifted};
    assign total   = base + {{(GUARD+1){product[2*WIDTH-1]}}, product};

    always_ff @(posedge clk) begin
        if (rst) shifted <= Zero;
        else if (en) begin
            if (!total[A]) shifted <= total[A-1:0];
            else shifted <= (product < 0) ? '0 : '1;  // below the lowest, above the highest value
        end
    end

    always_comb begin
        value = $signed({1'b0, 1'b0, shifted}) - $signed({2'b00, Zero});
        if (ROUND != 0) value = value + (1 << (FRACTION - 1));
        value  = value >>> FRACTION;
        result = value[WIDTH-1:0];
        if (value >= (1 << (WIDTH - 1))) result = {1'b0, {(WIDTH-1){1'b1}}};
        else if (value < -(1 << (WIDTH - 1))) result = {1'b1, {(WIDTH-1){1'b0}}};
    end
endmodule
