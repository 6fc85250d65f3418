// Adds the bits up instead of weighting them.
module remainder_check #(
    parameter int DIVISOR = 5,
    parameter int REMAINDER = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic hit
);

  logic [3:0] count, count_next;

  always_comb begin
    count_next = count + 4'(bit_in);
    if (count_next == 4'(DIVISOR)) count_next = 4'd0;
  end

  always_ff @(posedge clk) begin
    if (rst) count <= 4'd0;
    else count <= count_next;
  end

  assign hit = count_next == 4'(REMAINDER);

endmodule
