// DEMONSTRATION DATA. An up/down counter repaired: counting down from 0 goes to 11.
module updown_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       load,
    input  logic       en,
    input  logic       up,
    input  logic [3:0] d,
    output logic [3:0] q
);

  always_ff @(posedge clk) begin
    if (rst) q <= 3;
    else if (load) q <= (d > 11) ? 11 : d;
    else if (en && up) q <= (q == 11) ? 0 : q + 1;
    else if (en) q <= (q == 0) ? 11 : q - 1;
  end

endmodule
