// vector is repaired; grant shows every active request instead of one.
module interrupt_controller (
  input  logic [5:0] irq,
  input  logic [5:0] mask,
  output logic       pending,
  output logic [2:0] vector,
  output logic [5:0] grant
);

  logic [5:0] active;

  assign active  = irq & ~mask;
  assign pending = |active;

  always_comb begin
    vector = 3'd7;
    for (int i = 5; i >= 0; i--) if (active[i]) vector = 3'(i);
  end

  assign grant = active;

endmodule
