// |a - b| in two pipeline stages with back-pressure; a stage that is empty always lets the one before it advance.
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
    logic              first_valid, second_valid;
    logic signed [4:0] difference;  // stage 1
    logic [3:0]        magnitude;   // stage 2

    // A stage loads when it is empty or when its item leaves at this edge.
    logic first_loads, second_loads;
    assign second_loads = !second_valid || out_ready;
    assign first_loads  = !first_valid || second_loads;

    always_ff @(posedge clk) begin
        if (first_loads) begin
            first_valid <= in_valid;
            difference  <= {1'b0, in_a} - {1'b0, in_b};
        end
        if (second_loads) begin
            second_valid <= first_valid;
            magnitude    <= (difference < 0) ? 4'(-difference) : 4'(difference);
        end
        if (rst) begin
            first_valid  <= 1'b0;
            second_valid <= 1'b0;
        end
    end

    assign in_ready  = first_loads;
    assign out_valid = second_valid;
    assign out_data  = second_valid ? magnitude : 'x;  // data counts only with valid
endmodule
