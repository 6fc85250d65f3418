// The last carry is replaced by the overflow flag of signed addition.
module full_adder (
  input  logic x,
  input  logic y,
  input  logic c,
  output logic s,
  output logic c_next
);
  assign s      = x ^ y ^ c;
  assign c_next = (x & y) | (x & c) | (y & c);
endmodule

module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  logic last;

  full_adder stage_0 (.x(a[0]), .y(b[0]), .c(cin),      .s(sum[0]), .c_next(carry[0]));
  full_adder stage_1 (.x(a[1]), .y(b[1]), .c(carry[0]), .s(sum[1]), .c_next(carry[1]));
  full_adder stage_2 (.x(a[2]), .y(b[2]), .c(carry[1]), .s(sum[2]), .c_next(carry[2]));
  full_adder stage_3 (.x(a[3]), .y(b[3]), .c(carry[2]), .s(sum[3]), .c_next(last));

  assign carry[3] = last ^ carry[2];

endmodule
