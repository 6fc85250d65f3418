module saturate (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] add,
    output logic [3:0] sum
);
  always_ff @(posedge clk)
    if (rst) sum <= 0;
    else sum <= (sum + add > 5'd15) ? 15 : sum + add;
endmodule

// Left over from an experiment: nothing instantiates it.
module experiment (
    input  logic a,
    output logic y
);
  assign y = ~a;
endmodule
