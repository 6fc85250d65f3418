// Misconception: registering in_ready is enough; the word that arrives one cycle late overwrites the waiting one.
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
    always_ff @(posedge clk) begin
        if (rst) begin
            out_valid <= 1'b0;
            in_ready  <= 1'b1;
        end else begin
            in_ready <= out_ready || !out_valid;
            if (in_valid && in_ready) begin
                out_valid <= 1'b1;
                out_data  <= in_data;
            end else if (out_ready) out_valid <= 1'b0;
        end
    end
endmodule
