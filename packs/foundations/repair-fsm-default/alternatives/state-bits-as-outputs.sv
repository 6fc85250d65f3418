// The state code is chosen so that its bits are the outputs.
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

  localparam logic [2:0] CLOSED = 3'b000;
  localparam logic [2:0] OPENING = 3'b101;
  localparam logic [2:0] OPEN = 3'b001;
  localparam logic [2:0] CLOSING = 3'b011;

  logic [2:0] state;

  assign {up, down, lamp} = state;

  always_ff @(posedge clk) begin
    if (rst) begin
      state <= CLOSED;
    end else begin
      case (state)
        CLOSED: if (request) state <= OPENING;
        OPENING: if (at_top) state <= OPEN;
        OPEN: if (!request) state <= CLOSING;
        CLOSING:
        if (request) state <= OPENING;
        else if (at_bottom) state <= CLOSED;
        default: state <= CLOSED;
      endcase
    end
  end

endmodule
