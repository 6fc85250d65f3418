// Uses the wrong edge.
module flip_flop (
    input  logic clk,
    input  logic rst,
    input  logic d,
    output logic q
);

  always_ff @(negedge clk) begin
    if (rst) q <= 1'b0;
    else q <= d;
  end

endmodule
