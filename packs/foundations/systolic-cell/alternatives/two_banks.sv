// Weights never move between registers: two banks change roles, and a bit says which one is at work.
// A swap that is not preceded by a load must leave the waiting weight as it is, so it copies in that case.
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
    logic signed [WEIGHT_BITS-1:0] bank [2];
    logic                          active;  // the bank at work

    assign weight_out = bank[~active];

    always_ff @(posedge clk) begin
        if (rst) begin
            bank[0] <= '0;
            bank[1] <= '0;
            active  <= 1'b0;
            x_out   <= '0;
            sum_out <= '0;
        end else begin
            if (swap) begin
                active       <= ~active;
                bank[active] <= load ? weight_in : weight_out;
            end else if (load) bank[~active] <= weight_in;
            if (en) begin
                x_out   <= x_in;
                sum_out <= sum_in + x_in * bank[active];
            end
        end
    end
endmodule
