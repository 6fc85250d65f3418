// Car-park barrier: Moore machine whose outputs have defaults.
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

  typedef enum logic [1:0] {
    CLOSED,
    OPENING,
    OPEN,
    CLOSING
  } state_t;

  state_t state, next;

  always_ff @(posedge clk) begin
    if (rst) state <= CLOSED;
    else state <= next;
  end

  always_comb begin
    next = state;
    up = 1'b0;
    down = 1'b0;
    lamp = 1'b1;
    case (state)
      CLOSED: begin
        lamp = 1'b0;
        if (request) next = OPENING;
      end
      OPENING: begin
        up = 1'b1;
        if (at_top) next = OPEN;
      end
      OPEN: begin
        if (!request) next = CLOSING;
      end
      CLOSING: begin
        down = 1'b1;
        if (request) next = OPENING;
        else if (at_bottom) next = CLOSED;
      end
      default: next = CLOSED;
    endcase
  end

endmodule
