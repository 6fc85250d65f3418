// A binary counter, decoded: other registers, the same outputs.
module ring_counter #(
    parameter int STAGES = 4
) (
    input  logic              clk,
    input  logic              rst,
    input  logic              en,
    output logic [STAGES-1:0] stage
);
  logic [2:0] count;

  always_ff @(posedge clk) begin
    if (rst) count <= 0;
    else if (en) count <= (count == STAGES - 1) ? 0 : count + 1;
  end

  always_comb begin
    stage = 0;
    stage[count] = 1;
  end
endmodule
