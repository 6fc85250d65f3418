// Blocking assignments in the wrong order copy the new bit into every place.
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

  always @(posedge clk) begin
    if (load) q = d;
    else if (en) begin
      q[0] = serial_in;
      q[1] = q[0];
      q[2] = q[1];
      q[3] = q[2];
    end
  end

endmodule
