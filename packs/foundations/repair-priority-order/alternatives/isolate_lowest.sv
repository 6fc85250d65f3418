// x & -x leaves only the lowest 1; the number is encoded from it.
module interrupt_controller (
  input  logic [5:0] irq,
  input  logic [5:0] mask,
  output logic       pending,
  output logic [2:0] vector,
  output logic [5:0] grant
);

  logic [5:0] active;

  assign active  = irq & ~mask;
  assign grant   = active & -active;
  assign pending = active != 6'd0;

  assign vector[0] = grant[1] | grant[3] | grant[5] | ~pending;
  assign vector[1] = grant[2] | grant[3] | ~pending;
  assign vector[2] = grant[4] | grant[5] | ~pending;

endmodule
