// Puts a gate on the clock: an enable that rises while the clock is high makes an extra edge.
module register_enable #(
    parameter int WIDTH = 4,
    parameter int RESET_VALUE = 5
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);

  logic gated_clk;

  assign gated_clk = clk & (en | rst);

  always_ff @(posedge gated_clk) begin
    if (rst) q <= WIDTH'(RESET_VALUE);
    else q <= d;
  end

endmodule
