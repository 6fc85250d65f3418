// Counts the steps that are left, downwards.
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

  localparam logic [WIDTH-1:0] LAST = WIDTH'(MODULO - 1);

  logic [WIDTH-1:0] left;

  always_ff @(posedge clk) begin
    if (rst) left <= LAST;
    else if (en) left <= (left == '0) ? LAST : left - 1'b1;
  end

  assign q = LAST - left;
  assign wrap = en && left == '0;

endmodule
