// Reset works only while enabled.
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

  always_ff @(posedge clk) begin
    if (en) begin
      if (rst) q <= WIDTH'(RESET_VALUE);
      else q <= d;
    end
  end

endmodule
