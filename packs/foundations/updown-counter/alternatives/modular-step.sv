// Adds 1 or MAX modulo MAX+1: a step down is a step up by MAX.
module updown_counter #(
    parameter int MAX = 11,
    parameter int RESET_VALUE = 3
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       load,
    input  logic       en,
    input  logic       up,
    input  logic [3:0] d,
    output logic [3:0] q
);

  logic [4:0] sum;
  logic [3:0] next;

  always_comb begin
    sum = 5'(q) + (up ? 5'd1 : 5'(MAX));
    if (sum > 5'(MAX)) sum = sum - 5'(MAX + 1);
    next = q;
    if (en) next = sum[3:0];
    if (load) next = (d < 4'(MAX)) ? d : 4'(MAX);
    if (rst) next = 4'(RESET_VALUE);
  end

  always_ff @(posedge clk) q <= next;

endmodule
