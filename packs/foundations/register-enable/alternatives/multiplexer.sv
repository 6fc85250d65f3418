// A plain register behind a multiplexer that feeds its own value back.
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

  logic [WIDTH-1:0] next;

  always_comb begin
    next = en ? d : q;
    if (rst) next = WIDTH'(RESET_VALUE);
  end

  always_ff @(posedge clk) q <= next;

endmodule
