// Washing machine: four states in one-hot code, Moore outputs.
module washing_machine (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic       full,
    input  logic       done,
    input  logic       cancel,
    output logic [3:0] state,
    output logic       water,
    output logic       motor
);

  typedef enum logic [3:0] {
    IDLE = 4'b0001,
    FILL = 4'b0010,
    WASH = 4'b0100,
    SPIN = 4'b1000
  } state_t;

  state_t current, next;

  always_comb begin
    next = current;
    case (current)
      IDLE: if (start && !cancel) next = FILL;
      FILL:
      if (cancel) next = SPIN;
      else if (full) next = WASH;
      WASH: if (cancel || done) next = SPIN;
      SPIN: if (done) next = IDLE;
      default: next = IDLE;
    endcase
  end

  always_ff @(posedge clk) begin
    if (rst) current <= IDLE;
    else current <= next;
  end

  assign state = current;
  assign water = current == FILL;
  assign motor = current == WASH || current == SPIN;

endmodule
