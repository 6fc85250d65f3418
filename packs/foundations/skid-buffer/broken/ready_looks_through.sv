// Misconception: a full buffer may accept when the receiver is ready; that makes in_ready depend on out_ready again.
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
    logic       spare_valid;
    logic [3:0] spare_data;
    assign in_ready = !spare_valid || out_ready;

    always_ff @(posedge clk) begin
        if (rst) begin
            out_valid   <= 1'b0;
            spare_valid <= 1'b0;
        end else if (out_ready || !out_valid) begin
            out_valid   <= spare_valid || in_valid;
            out_data    <= spare_valid ? spare_data : in_data;
            spare_valid <= spare_valid && in_valid;
            spare_data  <= in_data;
        end else if (in_valid && in_ready) begin
            spare_valid <= 1'b1;
            spare_data  <= in_data;
        end
    end
endmodule
