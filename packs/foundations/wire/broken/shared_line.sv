// Takes the cable for one line that both devices share.
module crossover (
  input  logic tx_a,
  input  logic tx_b,
  output logic rx_a,
  output logic rx_b,
  output logic monitor
);

  logic bus;

  assign bus     = tx_a & tx_b;
  assign rx_a    = bus;
  assign rx_b    = bus;
  assign monitor = bus;

endmodule
