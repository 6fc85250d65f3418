module async_register (
    input  logic       clk,
    input  logic       rst_n,
    input  logic [${WIDTH-1}:0] d,
    output logic [${WIDTH-1}:0] q
);

  // This line is only a placeholder: replace it with your register.
  assign q = d;

endmodule
