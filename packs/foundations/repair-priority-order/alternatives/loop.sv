// A loop from the least urgent request to the most urgent: the last assignment wins.
module interrupt_controller (
  input  logic [5:0] irq,
  input  logic [5:0] mask,
  output logic       pending,
  output logic [2:0] vector,
  output logic [5:0] grant
);

  always_comb begin
    pending = 1'b0;
    vector  = 3'd7;
    grant   = 6'd0;
    for (int i = 5; i >= 0; i--) begin
      if (irq[i] && !mask[i]) begin
        pending  = 1'b1;
        vector   = 3'(i);
        grant    = 6'd0;
        grant[i] = 1'b1;
      end
    end
  end

endmodule
