// The product as a sum of rows (the sign bit's row is subtracted); next-state logic apart from the registers.
module signed_product #(
    parameter int A = 3,
    parameter int B = 3,
    parameter int P = 8
) (
    input  logic [A-1:0] a,
    input  logic [B-1:0] b,
    output logic [P-1:0] p
);
    wire [P-1:0] extended = {{(P-A){a[A-1]}}, a};
    always_comb begin
        p = '0;
        for (int i = 0; i < B - 1; i++) p = p + ((extended << i) & {P{b[i]}});
        p = p - ((extended << (B - 1)) & {P{b[B-1]}});
    end
endmodule

module systolic_cell #(
    parameter int DATA_BITS   = 3,
    parameter int WEIGHT_BITS = 3,
    parameter int EXTRA       = 2
) (
    input  logic                                    clk,
    input  logic                                    rst,
    input  logic                                    load,
    input  logic                                    swap,
    input  logic                                    en,
    input  logic [WEIGHT_BITS-1:0]                  weight_in,
    output logic [WEIGHT_BITS-1:0]                  weight_out,
    input  logic [DATA_BITS-1:0]                    x_in,
    output logic [DATA_BITS-1:0]                    x_out,
    input  logic [DATA_BITS+WEIGHT_BITS+EXTRA-1:0]  sum_in,
    output logic [DATA_BITS+WEIGHT_BITS+EXTRA-1:0]  sum_out
);
    localparam int S = DATA_BITS + WEIGHT_BITS + EXTRA;
    logic [WEIGHT_BITS-1:0] weight;
    wire  [S-1:0]           product;
    logic [WEIGHT_BITS-1:0] next_weight, next_waiting;
    logic [DATA_BITS-1:0]   next_x;
    logic [S-1:0]           next_sum;

    signed_product #(.A(DATA_BITS), .B(WEIGHT_BITS), .P(S)) multiplier (.a(x_in), .b(weight), .p(product));

    assign next_waiting = rst ? '0 : load ? weight_in : weight_out;
    assign next_weight  = rst ? '0 : swap ? weight_out : weight;
    assign next_x       = rst ? '0 : en ? x_in : x_out;
    assign next_sum     = rst ? '0 : en ? sum_in + product : sum_out;

    always_ff @(posedge clk) begin
        weight_out <= next_waiting;
        weight     <= next_weight;
        x_out      <= next_x;
        sum_out    <= next_sum;
    end
endmodule
