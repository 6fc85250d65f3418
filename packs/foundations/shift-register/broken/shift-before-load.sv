// Shifting has priority over loading.
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
    if (en) q <= {q[2:0], serial_in};
    else if (load) q <= d;
  end

endmodule
