// One small module per line of the cable.
module line (
  input  logic from,
  output logic to
);
  assign to = from;
endmodule

module crossover (
  input  logic tx_a,
  input  logic tx_b,
  output logic rx_a,
  output logic rx_b,
  output logic monitor
);

  line a_to_b (.from(tx_a), .to(rx_b));
  line b_to_a (.from(tx_b), .to(rx_a));
  line probe  (.from(tx_a), .to(monitor));

endmodule
