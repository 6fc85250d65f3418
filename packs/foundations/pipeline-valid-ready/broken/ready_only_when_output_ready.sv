// Misconception: in_ready is a copy of out_ready, so the empty pipeline refuses its first items.
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
    assign in_ready = out_ready;

    always_ff @(posedge clk) begin
        if (rst) begin
            first_valid <= 1'b0;
            out_valid   <= 1'b0;
        end else if (out_ready) begin
            first_valid <= in_valid;
            difference  <= {1'b0, in_a} - {1'b0, in_b};
            out_valid   <= first_valid;
            out_data    <= difference[4] ? 4'd0 - difference[3:0] : difference[3:0];
        end
    end
endmodule
