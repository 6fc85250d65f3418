module debouncer (
    input  logic clk,
    input  logic rst,
    input  logic raw,
    output logic clean
);

  // This follows every bounce: make it wait.
  always_ff @(posedge clk) begin
    if (rst) clean <= 1'b${IDLE};
    else clean <= raw;
  end

endmodule
