// Patterns that exclude each other: their order does not matter any more.
module interrupt_controller (
  input  logic [5:0] irq,
  input  logic [5:0] mask,
  output logic       pending,
  output logic [2:0] vector,
  output logic [5:0] grant
);

  logic [5:0] active;

  assign active = irq & ~mask;

  always_comb begin
    pending = 1'b1;
    casez (active)
      6'b100000: {vector, grant} = {3'd5, 6'b100000};
      6'b?10000: {vector, grant} = {3'd4, 6'b010000};
      6'b??1000: {vector, grant} = {3'd3, 6'b001000};
      6'b???100: {vector, grant} = {3'd2, 6'b000100};
      6'b????10: {vector, grant} = {3'd1, 6'b000010};
      6'b?????1: {vector, grant} = {3'd0, 6'b000001};
      default: begin
        pending = 1'b0;
        vector  = 3'd7;
        grant   = 6'b000000;
      end
    endcase
  end

endmodule
