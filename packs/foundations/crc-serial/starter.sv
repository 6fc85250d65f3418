module crc_serial (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    input  logic       data,
    output logic [${WIDTH-1}:0] crc
);
    // One step of polynomial division per clock cycle in which en is 1.
    always_ff @(posedge clk) begin
        if (rst) crc <= '0;
        // TODO: the initial value, and the step itself
    end
endmodule
