// The same as a machine with two states.
module edge_detector (
    input  logic clk,
    input  logic rst,
    input  logic level,
    output logic rise,
    output logic fall
);

  typedef enum logic {
    IS_HIGH,
    IS_LOW
  } state_t;

  state_t state, next;

  always_comb begin
    next = state;
    rise = 1'b0;
    fall = 1'b0;
    case (state)
      IS_LOW:
      if (level) begin
        next = IS_HIGH;
        rise = 1'b1;
      end
      IS_HIGH:
      if (!level) begin
        next = IS_LOW;
        fall = 1'b1;
      end
      default: next = IS_LOW;
    endcase
  end

  always_ff @(posedge clk) begin
    if (rst) state <= IS_LOW;
    else state <= next;
  end

endmodule
