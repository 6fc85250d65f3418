// Interrupt controller: chooses the request that the processor serves next.
module interrupt_controller (
  input  logic [5:0] irq,
  input  logic [5:0] mask,
  output logic       pending,
  output logic [2:0] vector,
  output logic [5:0] grant
);

  localparam logic [2:0] NONE = 3'd7;

  logic [5:0] active;

  // A request counts unless it is blocked.
  assign active  = irq & ~mask;
  assign pending = |active;

  always_comb begin
    casez (active)
      6'b1?????: vector = 3'd5;
      6'b?1????: vector = 3'd4;
      6'b??1???: vector = 3'd3;
      6'b???1??: vector = 3'd2;
      6'b????1?: vector = 3'd1;
      6'b?????1: vector = 3'd0;
      default:   vector = NONE;
    endcase
  end

  assign grant = pending ? 6'd1 << vector : 6'd0;

endmodule
