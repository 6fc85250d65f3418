module ring_counter #(
    parameter int STAGES = 4
) (
    input  logic              clk,
    input  logic              rst,
    input  logic              en,
    output logic [STAGES-1:0] stage
);
  always_ff @(posedge clk) begin
    if (rst) stage <= 1;
    else stage <= {stage[STAGES-2:0], stage[STAGES-1]};
  end
endmodule
