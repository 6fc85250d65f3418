// Misconception: a buffer of one entry that accepts only while empty; nothing is lost, but only every second cycle is used.
module skid_buffer (
    input  logic       clk,
    input  logic       rst,
    input  logic       in_valid,
    output logic       in_ready,
    input  logic [3:0] in_data,
    output logic       out_valid,
    input  logic       out_ready,
    output logic [3:0] out_data
);
    assign in_ready = !out_valid;
    always_ff @(posedge clk) begin
        if (rst) out_valid <= 1'b0;
        else if (in_valid && in_ready) begin
            out_valid <= 1'b1;
            out_data  <= in_data;
        end else if (out_ready) out_valid <= 1'b0;
    end
endmodule
