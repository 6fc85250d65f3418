module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  // It can only be loaded: add the shift and the serial output.
  always_ff @(posedge clk) begin
    if (load) q <= d;
  end

  assign serial_out = 1'b0;

endmodule
