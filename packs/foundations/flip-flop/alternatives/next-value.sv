// The reset as a gate in front of a plain flip-flop.
module flip_flop (
    input  logic clk,
    input  logic rst,
    input  logic d,
    output logic q
);

  logic next;

  assign next = d & ~rst;

  always_ff @(posedge clk) q <= next;

endmodule
