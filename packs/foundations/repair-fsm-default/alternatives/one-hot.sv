// One flip-flop per state, outputs by simple equations.
module barrier (
    input  logic clk,
    input  logic rst,
    input  logic request,
    input  logic at_top,
    input  logic at_bottom,
    output logic up,
    output logic down,
    output logic lamp
);

  logic closed, opening, open, closing;

  always_ff @(posedge clk) begin
    closed <= rst | (closed & ~request) | (closing & ~request & at_bottom);
    opening <= ~rst & ((closed & request) | (opening & ~at_top) | (closing & request));
    open <= ~rst & ((opening & at_top) | (open & request));
    closing <= ~rst & ((open & ~request) | (closing & ~request & ~at_bottom));
  end

  assign up = opening;
  assign down = closing;
  assign lamp = ~closed;

endmodule
