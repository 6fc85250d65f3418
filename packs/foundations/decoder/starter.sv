module decoder (
  input  logic       enable,
  input  logic [3:0] address,
  output logic [${LINES - 1}:0] line
);

  // Drive every bit of line.

endmodule
