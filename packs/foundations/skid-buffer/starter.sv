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
    // This single register keeps the order, but in_ready depends on out_ready in the same cycle.
    assign in_ready = !out_valid || out_ready;  // TODO: must come from registers only

    always_ff @(posedge clk) begin
        if (rst) out_valid <= 1'b0;
        else if (in_ready) begin
            out_valid <= in_valid;
            out_data  <= in_data;
        end
    end
endmodule
