// A toggle flip-flop that begins with 0, said by an initial value and without a reset.
module toggle (
    input  logic clk,
    output logic out = 0
);
  always_ff @(posedge clk) out <= !out;
endmodule
