// The serial output passes through one more flip-flop.
module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  always_ff @(posedge clk) begin
    if (load) q <= d;
    else if (en) {serial_out, q} <= {q, serial_in};
  end

endmodule
