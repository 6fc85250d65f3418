module fifo (
    input  logic       clk,
    input  logic       rst,
    input  logic       push,
    input  logic [${WIDTH-1}:0] data_in,
    output logic       full,
    output logic       almost_full,
    input  logic       pop,
    output logic [${WIDTH-1}:0] data_out,
    output logic       empty,
    output logic       almost_empty
);
    logic [${WIDTH-1}:0] memory [${DEPTH}];
    logic [2:0] count;  // number of entries

    always_ff @(posedge clk) begin
        if (rst) count <= '0;
        // TODO: writing, reading, counting
    end

    assign empty        = count == 3'd0;
    assign full         = 1'b0;  // TODO
    assign almost_full  = 1'b0;  // TODO
    assign almost_empty = 1'b0;  // TODO
    assign data_out     = memory[0];  // TODO
endmodule
