module register_enable (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    input  logic [${WIDTH-1}:0] d,
    output logic [${WIDTH-1}:0] q
);

  // A register without reset and enable: complete it.
  always_ff @(posedge clk) begin
    q <= d;
  end

endmodule
