module bcd_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [1:0] tens,
    output logic [3:0] ones
);

  // The ones digit counts, but in binary and without carry: complete it.
  always_ff @(posedge clk) begin
    if (rst) begin
      tens <= 0;
      ones <= 0;
    end else if (en) begin
      ones <= ones + 1;
    end
  end

endmodule
