// The lowest stage is a half adder.
module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  assign sum[0]   = a[0] ^ b[0];
  assign carry[0] = a[0] & b[0];

  generate
    for (genvar i = 1; i < 4; i++) begin : g_stage
      assign sum[i]   = a[i] ^ b[i] ^ carry[i-1];
      assign carry[i] = (a[i] & b[i]) | (carry[i-1] & (a[i] ^ b[i]));
    end
  endgenerate

endmodule
