// Two-entry buffer that cuts every combinational path between its two sides.
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
    logic       main_valid, spare_valid;
    logic [3:0] main_data, spare_data;  // main is the older one

    always_ff @(posedge clk) begin
        if (rst) begin
            main_valid  <= 1'b0;
            spare_valid <= 1'b0;
        end else if (out_ready || !main_valid) begin
            // The main register is free: refill it, from the spare register first.
            main_valid  <= spare_valid || in_valid;
            main_data   <= spare_valid ? spare_data : in_data;
            spare_valid <= 1'b0;
        end else if (in_valid && in_ready) begin
            // The receiver stopped, but this word was already promised a place.
            spare_valid <= 1'b1;
            spare_data  <= in_data;
        end
    end

    assign in_ready  = !spare_valid;
    assign out_valid = main_valid;
    assign out_data  = main_valid ? main_data : 'x;  // data counts only with valid
endmodule
