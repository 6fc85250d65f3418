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
    logic       first_valid, second_valid;
    logic [4:0] first_data;
    logic [3:0] second_data;

    always_ff @(posedge clk) begin
        // TODO: when may each stage load?
        first_valid  <= in_valid;
        first_data   <= {1'b0, in_a} - {1'b0, in_b};
        second_valid <= first_valid;
        second_data  <= first_data[3:0];
        if (rst) begin
            first_valid  <= 1'b0;
            second_valid <= 1'b0;
        end
    end

    assign in_ready  = 1'b1;  // TODO: this pipeline loses items when out_ready is 0
    assign out_valid = second_valid;
    assign out_data  = second_data;
endmodule
