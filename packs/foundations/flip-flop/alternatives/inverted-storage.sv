// The flip-flop stores the complement; reset sets it.
module flip_flop (
    input  logic clk,
    input  logic rst,
    input  logic d,
    output logic q
);

  logic stored_n;

  always_ff @(posedge clk) begin
    if (rst) stored_n <= 1'b1;
    else stored_n <= ~d;
  end

  assign q = ~stored_n;

endmodule
