module updown_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       load,
    input  logic       en,
    input  logic       up,
    input  logic [3:0] d,
    output logic [3:0] q
);

  // It only counts up: add what is missing.
  always_ff @(posedge clk) begin
    if (rst) q <= 4'd${RESET_VALUE};
    else if (en) q <= q + 4'd1;
  end

endmodule
