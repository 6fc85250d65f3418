// Shifts towards the least significant bit.
module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  assign serial_out = q[0];

  always_ff @(posedge clk) begin
    if (load) q <= d;
    else if (en) q <= {serial_in, q[3:1]};
  end

endmodule
