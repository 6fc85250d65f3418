// Two words; in_ready comes from a register.
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
    logic       spare_valid;
    logic [1:0] spare;
    assign in_ready = ~spare_valid;
    always_ff @(posedge clk) begin
        if (rst) begin
            out_valid   <= 1'b0;
            spare_valid <= 1'b0;
        end else if (out_ready || !out_valid) begin
            out_valid   <= spare_valid || in_valid;
            out_data    <= spare_valid ? spare : in_data;
            spare_valid <= 1'b0;
        end else if (in_valid && in_ready) begin
            spare_valid <= 1'b1;
            spare       <= in_data;
        end
    end
endmodule
