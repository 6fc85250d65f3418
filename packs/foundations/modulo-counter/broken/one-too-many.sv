// Compares with MODULO, so there is one state too many.
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

  assign wrap = en && q == WIDTH'(MODULO);

  always_ff @(posedge clk) begin
    if (rst) q <= '0;
    else if (wrap) q <= '0;
    else if (en) q <= q + 1'b1;
  end

endmodule
