// The same flip-flop module used twice.
module sample (
    input  logic clk,
    input  logic d,
    output logic q
);

  always_ff @(posedge clk) q <= d;

endmodule

module synchroniser (
    input  logic clk,
    input  logic async_in,
    output logic sync_out
);

  logic between;

  sample u_first (
      .clk(clk),
      .d(async_in),
      .q(between)
  );

  sample u_second (
      .clk(clk),
      .d(between),
      .q(sync_out)
  );

endmodule
