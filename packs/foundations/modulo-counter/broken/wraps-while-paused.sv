// The test for the last value stands outside the enable.
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

  assign wrap = en && q == WIDTH'(MODULO - 1);

  always_ff @(posedge clk) begin
    if (rst) q <= '0;
    else if (q == WIDTH'(MODULO - 1)) q <= '0;
    else if (en) q <= q + 1'b1;
  end

endmodule
