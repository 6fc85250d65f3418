// Without don't-care digits only lone requests are recognised.
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
    case (active)
      6'b000001: vector = 3'd0;
      6'b000010: vector = 3'd1;
      6'b000100: vector = 3'd2;
      6'b001000: vector = 3'd3;
      6'b010000: vector = 3'd4;
      6'b100000: vector = 3'd5;
      default:   vector = 3'd7;
    endcase
  end

  assign grant = pending ? 6'd1 << vector : 6'd0;

endmodule
