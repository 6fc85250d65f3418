// The outputs are assigned in the clocked block and come one cycle after the state.
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

  logic [1:0] state;

  always @(posedge clk) begin
    up   <= 1'b0;
    down <= 1'b0;
    lamp <= 1'b0;
    if (rst) begin
      state <= CLOSED;
    end else begin
      case (state)
        CLOSED: if (request) state <= OPENING;
        OPENING: begin
          up   <= 1'b1;
          lamp <= 1'b1;
          if (at_top) state <= OPEN;
        end
        OPEN: begin
          lamp <= 1'b1;
          if (!request) state <= CLOSING;
        end
        CLOSING: begin
          down <= 1'b1;
          lamp <= 1'b1;
          if (request) state <= OPENING;
          else if (at_bottom) state <= CLOSED;
        end
      endcase
    end
  end

endmodule
