// Mistake: the 4-bit difference is taken as the result; it wraps when a is smaller than b.
module difference_pipeline (
    input  logic       clk,
    input  logic       rst,
    input  logic       in_valid,
    output logic       in_ready,
    input  logic [3:0] in_a,
    input  logic [3:0] in_b,
    output logic       out_valid,
    input  logic       out_ready,
    output logic [3:0] out_data
);
    logic       first_valid;
    logic [3:0] difference;
    wire        second_loads = !out_valid || out_ready;
    assign in_ready = !first_valid || second_loads;

    always_ff @(posedge clk) begin
        if (in_ready) difference <= in_a - in_b;
        if (second_loads) out_data <= difference;
        if (rst) begin
            first_valid <= 1'b0;
            out_valid   <= 1'b0;
        end else begin
            if (in_ready) first_valid <= in_valid;
            if (second_loads) out_valid <= first_valid;
        end
    end
endmodule
