module sequence_detector (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  typedef enum logic [2:0] {
    NOTHING,
    FIRST_BIT
    // Add the other states.
  } state_t;

  state_t state, next;

  always_comb begin
    next = NOTHING;
    case (state)
      NOTHING: if (bit_in == 1'b${PATTERN // 32}) next = FIRST_BIT;
      default: next = NOTHING;
    endcase
  end

  always_ff @(posedge clk) begin
    if (rst) state <= NOTHING;
    else state <= next;
  end

  // Replace this constant.
  assign found = 1'b0;

endmodule
