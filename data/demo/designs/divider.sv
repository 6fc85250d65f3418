// DEMONSTRATION DATA. Counts 0 to 5 while enabled; `wrap` marks the last one.
module modulo_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [2:0] q,
    output logic       wrap
);

  wire last = (q == 5);
  assign wrap = en & last;

  always_ff @(posedge clk)
    if (rst) q <= 0;
    else if (en) q <= last ? 0 : q + 1;

endmodule
