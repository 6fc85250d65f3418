// The outputs are repaired, but the priority in CLOSING was changed on the way.
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

  localparam CLOSED  = 2'd0;
  localparam OPENING = 2'd1;
  localparam OPEN    = 2'd2;
  localparam CLOSING = 2'd3;

  logic [1:0] state, next;

  always @(posedge clk) begin
    if (rst) state <= CLOSED;
    else state <= next;
  end

  always @(*) begin
    next = state;
    case (state)
      CLOSED:  if (request) next = OPENING;
      OPENING: if (at_top) next = OPEN;
      OPEN:    if (!request) next = CLOSING;
      CLOSING: if (at_bottom) next = CLOSED;
               else if (request) next = OPENING;
    endcase
  end

  assign up   = state == OPENING;
  assign down = state == CLOSING;
  assign lamp = state != CLOSED;

endmodule
