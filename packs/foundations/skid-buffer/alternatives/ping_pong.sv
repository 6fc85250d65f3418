// Two registers used in turn: one bit says where to write next, one where to read next.
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
    logic [3:0] even, odd;
    logic       even_full, odd_full, write_odd, read_odd;

    assign in_ready  = ~(even_full & odd_full);
    assign out_valid = even_full | odd_full;
    assign out_data  = read_odd ? odd : even;

    always_ff @(posedge clk) begin
        if (in_valid & in_ready) begin
            if (write_odd) begin
                odd      <= in_data;
                odd_full <= 1'b1;
            end else begin
                even      <= in_data;
                even_full <= 1'b1;
            end
            write_odd <= ~write_odd;
        end
        if (out_valid & out_ready) begin
            if (read_odd) odd_full <= 1'b0;
            else even_full <= 1'b0;
            read_odd <= ~read_odd;
        end
        if (rst) begin
            even_full <= 1'b0;
            odd_full  <= 1'b0;
            write_odd <= 1'b0;
            read_odd  <= 1'b0;
        end
    end
endmodule
