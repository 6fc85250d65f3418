module ring_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [${STAGES-1}:0] stage
);
  // The 1 is lost at the end: complete it.
  always_ff @(posedge clk) begin
    if (rst) stage <= 1;
    else if (en) stage <= stage << 1;
  end
endmodule
