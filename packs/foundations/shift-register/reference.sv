// Shift register towards the most significant bit, with parallel load and no reset.
module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  assign serial_out = q[3];

  always_ff @(posedge clk) begin
    if (load) q <= d;
    else if (en) q <= {q[2:0], serial_in};
  end

endmodule
