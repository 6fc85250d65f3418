// Mistake: valid falls only when the next edge sees no input, so a word that was taken is offered again.
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
    assign in_ready = ~out_valid;
    always_ff @(posedge clk) begin
        if (rst) out_valid <= 1'b0;
        else if (in_valid) begin
            out_valid <= 1'b1;
            if (in_ready) out_data <= in_data;
        end else if (out_ready) out_valid <= 1'b0;
    end
endmodule
