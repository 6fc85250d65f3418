// One handshake stage as a module, used twice; stage 1 only keeps the operands, all arithmetic is in front of stage 2.
module stage #(
    parameter int WIDTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    output logic             in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic             out_valid,
    input  logic             out_ready,
    output logic [WIDTH-1:0] out_data
);
    assign in_ready = ~(out_valid & ~out_ready);
    always_ff @(posedge clk) begin
        if (rst) out_valid <= 1'b0;
        else out_valid <= (in_valid & in_ready) | (out_valid & ~out_ready);
        if (in_valid & in_ready) out_data <= in_data;
    end
endmodule

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
    wire       middle_valid, middle_ready;
    wire [3:0] a, b;
    wire [3:0] magnitude = (a > b) ? a - b : b - a;

    stage #(.WIDTH(8)) first (
        .clk, .rst, .in_valid, .in_ready, .in_data({in_a, in_b}),
        .out_valid(middle_valid), .out_ready(middle_ready), .out_data({a, b})
    );
    stage #(.WIDTH(4)) second (
        .clk, .rst, .in_valid(middle_valid), .in_ready(middle_ready), .in_data(magnitude),
        .out_valid, .out_ready, .out_data
    );
endmodule
