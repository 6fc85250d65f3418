// Keeps the last samples in a shift register and looks for a run of equal ones.
module debouncer #(
    parameter int HOLD = 4,
    parameter int IDLE = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic raw,
    output logic clean
);

  logic [HOLD-2:0] history;

  always_ff @(posedge clk) begin
    if (rst) begin
      history <= {(HOLD - 1) {1'(IDLE)}};
      clean <= 1'(IDLE);
    end else begin
      history <= {history[HOLD-3:0], raw};
      if ({history, raw} == {HOLD{~clean}}) clean <= raw;
    end
  end

endmodule
