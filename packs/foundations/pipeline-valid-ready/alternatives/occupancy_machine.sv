// The two valid bits are replaced by a four-state machine; the difference is stored as magnitude and "a is smaller".
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
    typedef enum logic [1:0] {EMPTY, FIRST_ONLY, SECOND_ONLY, BOTH} occupancy_t;
    occupancy_t occupancy;
    logic       a_is_smaller;
    logic [3:0] low_difference;  // a - b modulo 16

    assign in_ready  = occupancy != BOTH || out_ready;
    assign out_valid = occupancy == SECOND_ONLY || occupancy == BOTH;

    always_ff @(posedge clk) begin
        if (in_ready) begin
            a_is_smaller   <= in_a < in_b;
            low_difference <= in_a - in_b;
        end
        if (!out_valid || out_ready) out_data <= a_is_smaller ? 4'd0 - low_difference : low_difference;

        if (rst) occupancy <= EMPTY;
        else
            case (occupancy)
                EMPTY:       occupancy <= in_valid ? FIRST_ONLY : EMPTY;
                FIRST_ONLY:  occupancy <= in_valid ? BOTH : SECOND_ONLY;
                SECOND_ONLY: begin
                    if (out_ready) occupancy <= in_valid ? FIRST_ONLY : EMPTY;
                    else occupancy <= in_valid ? BOTH : SECOND_ONLY;
                end
                BOTH:        if (out_ready) occupancy <= in_valid ? BOTH : SECOND_ONLY;
            endcase
    end
endmodule
