// Mistake: out_valid lasts for one cycle only, whether the word is taken or not.
module handshake_stage (
    input  logic       clk,
    input  logic       rst,
    input  logic       in_valid,
    output logic       in_ready,
    input  logic [1:0] in_data,
    output logic       out_valid,
    input  logic       out_ready,
    output logic [1:0] out_data
);
    logic full;
    assign in_ready = ~full;
    always_ff @(posedge clk) begin
        if (rst) begin
            full      <= 1'b0;
            out_valid <= 1'b0;
        end else if (in_valid && in_ready) begin
            full      <= 1'b1;
            out_valid <= 1'b1;
            out_data  <= in_data;
        end else begin
            out_valid <= full & ~out_valid;
            if (out_valid && out_ready) begin
                full      <= 1'b0;
                out_valid <= 1'b0;
            end
        end
    end
endmodule
