// A timer that runs down while the two differ and is wound up again when they agree.
module debouncer #(
    parameter int HOLD = 4,
    parameter int IDLE = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic raw,
    output logic clean
);

  localparam logic [3:0] FULL = 4'(HOLD - 1);

  logic [3:0] timer, timer_next;
  logic       clean_next;

  always_comb begin
    timer_next = FULL;
    clean_next = clean;
    if (raw ^ clean) begin
      if (timer == 4'd0) clean_next = raw;
      else timer_next = timer - 4'd1;
    end
    if (rst) begin
      timer_next = FULL;
      clean_next = 1'(IDLE);
    end
  end

  always_ff @(posedge clk) begin
    timer <= timer_next;
    clean <= clean_next;
  end

endmodule
