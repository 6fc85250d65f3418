// Mistake: the valid bits wait, the data registers do not.
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
    logic [4:0] difference;
    wire        second_loads = !out_valid || out_ready;
    assign in_ready = !first_valid || second_loads;

    always_ff @(posedge clk) begin
        difference <= {1'b0, in_a} - {1'b0, in_b};
        out_data   <= difference[4] ? 4'd0 - difference[3:0] : difference[3:0];
        if (rst) begin
            first_valid <= 1'b0;
            out_valid   <= 1'b0;
        end else begin
            if (in_ready) first_valid <= in_valid;
            if (second_loads) out_valid <= first_valid;
        end
    end
endmodule
