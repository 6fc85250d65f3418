// Misconception: a wire keeps the rules as well, but then a word is offered in the cycle in which it comes, before it is stored.
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
    assign in_ready  = out_ready;
    assign out_valid = in_valid;
    assign out_data  = in_data;
endmodule
