// Weight-stationary cell: data pass to the right, sums pass downwards, the next weights load while the present ones work.
module systolic_cell #(
    parameter int DATA_BITS   = 3,
    parameter int WEIGHT_BITS = 3,
    parameter int EXTRA       = 2,
    localparam int SumBits    = DATA_BITS + WEIGHT_BITS + EXTRA
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          load,
    input  logic                          swap,
    input  logic                          en,
    input  logic signed [WEIGHT_BITS-1:0] weight_in,
    output logic signed [WEIGHT_BITS-1:0] weight_out,
    input  logic signed [DATA_BITS-1:0]   x_in,
    output logic signed [DATA_BITS-1:0]   x_out,
    input  logic signed [SumBits-1:0]     sum_in,
    output logic signed [SumBits-1:0]     sum_out
);
    logic signed [WEIGHT_BITS-1:0] waiting_weight;
    logic signed [WEIGHT_BITS-1:0] active_weight;

    always_ff @(posedge clk) begin
        if (rst) begin
            waiting_weight <= '0;
            active_weight  <= '0;
            x_out          <= '0;
            sum_out        <= '0;
        end else begin
            if (load) waiting_weight <= weight_in;
            if (swap) active_weight <= waiting_weight;
            if (en) begin
                x_out   <= x_in;
                sum_out <= sum_in + x_in * active_weight;
            end
        end
    end

    assign weight_out = waiting_weight;
endmodule
