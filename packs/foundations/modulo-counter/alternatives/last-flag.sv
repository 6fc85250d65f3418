// Keeps a flag beside the count that says in advance when the last value is reached.
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

  logic [WIDTH-1:0] next;
  logic             last;

  always_comb begin
    next = q;
    if (rst || (en && last)) next = '0;
    else if (en) next = q + 1'b1;
  end

  always_ff @(posedge clk) begin
    q <= next;
    last <= next == WIDTH'(MODULO - 1);
  end

  assign wrap = en & last;

endmodule
