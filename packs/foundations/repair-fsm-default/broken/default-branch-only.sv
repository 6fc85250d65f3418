// A default branch was added, but the listed states still do not assign every output.
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

  logic [1:0] state, next;

  always @(posedge clk) begin
    if (rst) state <= CLOSED;
    else state <= next;
  end

  always @(*) begin
    next = state;
    case (state)
      CLOSED: begin
        up   = 1'b0;
        down = 1'b0;
        lamp = 1'b0;
        if (request) next = OPENING;
      end
      OPENING: begin
        up   = 1'b1;
        lamp = 1'b1;
        if (at_top) next = OPEN;
      end
      OPEN: begin
        lamp = 1'b1;
        if (!request) next = 2'd3;
      end
      default: begin
        up   = 1'b0;
        down = 1'b1;
        lamp = 1'b1;
        if (request) next = OPENING;
        else if (at_bottom) next = CLOSED;
      end
    endcase
  end

endmodule
