// Loads only while enabled.
module updown_counter #(
    parameter int MAX = 11,
    parameter int RESET_VALUE = 3
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       load,
    input  logic       en,
    input  logic       up,
    input  logic [3:0] d,
    output logic [3:0] q
);

  localparam logic [3:0] TOP = 4'(MAX);

  always_ff @(posedge clk) begin
    if (rst) q <= 4'(RESET_VALUE);
    else if (en) begin
      if (load) q <= (d > TOP) ? TOP : d;
      else if (up) q <= (q == TOP) ? 4'd0 : q + 4'd1;
      else q <= (q == 4'd0) ? TOP : q - 4'd1;
    end
  end

endmodule
