// The carry passes through a register and comes one cycle late.
module modulo_counter #(
    parameter int WIDTH = 3,
    parameter int MODULO = 6
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    output logic [WIDTH-1:0] q,
    output logic             wrap
);

  always_ff @(posedge clk) begin
    if (rst) begin
      q <= '0;
      wrap <= 1'b0;
    end else begin
      wrap <= en && q == WIDTH'(MODULO - 1);
      if (en) q <= (q == WIDTH'(MODULO - 1)) ? '0 : q + 1'b1;
    end
  end

endmodule
