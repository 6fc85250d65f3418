// Misconception: the cell adds to its own sum (an output-stationary cell) instead of to the sum that comes in.
module systolic_cell #(
    parameter int DATA_BITS   = 3,
    parameter int WEIGHT_BITS = 3,
    parameter int EXTRA       = 2
) (
    input  logic                                          clk,
    input  logic                                          rst,
    input  logic                                          load,
    input  logic                                          swap,
    input  logic                                          en,
    input  logic signed [WEIGHT_BITS-1:0]                 weight_in,
    output logic signed [WEIGHT_BITS-1:0]                 weight_out,
    input  logic signed [DATA_BITS-1:0]                   x_in,
    output logic signed [DATA_BITS-1:0]                   x_out,
    input  logic signed [DATA_BITS+WEIGHT_BITS+EXTRA-1:0] sum_in,
    output logic signed [DATA_BITS+WEIGHT_BITS+EXTRA-1:0] sum_out
);
    logic signed [WEIGHT_BITS-1:0] weight;
    always_ff @(posedge clk) begin
        if (rst) begin
            weight_out <= '0;
            weight     <= '0;
            x_out      <= '0;
            sum_out    <= '0;
        end else begin
            if (load) weight_out <= weight_in;
            if (swap) weight <= weight_out;
            if (en) begin
                x_out   <= x_in;
                sum_out <= sum_out + x_in * weight;
            end
        end
    end
endmodule
