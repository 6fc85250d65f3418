// Misconception: when the output stalls everything stalls, even an empty stage; items are not lost but gaps never close.
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
    wire        advance = !out_valid || out_ready;
    assign in_ready = advance;

    always_ff @(posedge clk) begin
        if (rst) begin
            first_valid <= 1'b0;
            out_valid   <= 1'b0;
        end else if (advance) begin
            first_valid <= in_valid;
            difference  <= {1'b0, in_a} - {1'b0, in_b};
            out_valid   <= first_valid;
            out_data    <= difference[4] ? 4'd0 - difference[3:0] : difference[3:0];
        end
    end
endmodule
