// Stores how far the value is from MAX, so that up and down change places.
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

  logic [3:0] distance;

  always_ff @(posedge clk) begin
    if (rst) distance <= 4'(MAX - RESET_VALUE);
    else if (load) distance <= (d > TOP) ? 4'd0 : TOP - d;
    else if (en) begin
      if (up) distance <= (distance == 4'd0) ? TOP : distance - 4'd1;
      else distance <= (distance == TOP) ? 4'd0 : distance + 4'd1;
    end
  end

  assign q = TOP - distance;

endmodule
