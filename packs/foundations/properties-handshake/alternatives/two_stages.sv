// Two pipeline stages; a word needs two cycles and is offered in the second one.
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
    logic       first_valid;
    logic [1:0] first;
    wire        second_loads = ~out_valid | out_ready;
    assign in_ready = ~first_valid | second_loads;
    always_ff @(posedge clk) begin
        if (in_ready) begin
            first_valid <= in_valid;
            first       <= in_data;
        end
        if (second_loads) begin
            out_valid <= first_valid;
            out_data  <= first;
        end
        if (rst) begin
            first_valid <= 1'b0;
            out_valid   <= 1'b0;
        end
    end
endmodule
