// The same wiring as one procedural block.
module crossover (
  input  logic tx_a,
  input  logic tx_b,
  output logic rx_a,
  output logic rx_b,
  output logic monitor
);

  always_comb begin
    {rx_a, rx_b} = {tx_b, tx_a};
    monitor      = rx_b;
  end

endmodule
