module uart_transmitter (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [${DATA_BITS-1}:0] data,
    output logic       tx,
    output logic       busy
);
    always_ff @(posedge clk) begin
        if (rst) busy <= 1'b0;
        else if (start) busy <= 1'b1;
        // TODO: send the frame, ${CLOCKS_PER_BIT} clock cycles per bit, then clear busy
    end

    assign tx = 1'b1;  // TODO
endmodule
