// Wrong: it saturates only when the sum passes 15 by exactly one.
module saturate (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    output logic [3:0] sum
);
  always_ff @(posedge clk)
    if (rst) sum <= 0;
    else if (sum + add == 5'd16) sum <= 15;
    else sum <= sum + add;
endmodule
