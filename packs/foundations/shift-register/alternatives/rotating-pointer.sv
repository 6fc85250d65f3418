// The bits stay where they are and a pointer moves; it needs no known start either.
module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  logic [3:0] ring;
  logic [1:0] oldest;

  always_ff @(posedge clk) begin
    if (load) begin
      ring <= {d[0], d[1], d[2], d[3]};
      oldest <= 2'd0;
    end else if (en) begin
      ring[oldest] <= serial_in;
      oldest <= oldest + 2'd1;
    end
  end

  assign q[3] = ring[oldest];
  assign q[2] = ring[oldest+2'd1];
  assign q[1] = ring[oldest+2'd2];
  assign q[0] = ring[oldest+2'd3];
  assign serial_out = q[3];

endmodule
