// One addition; a carry into a stage shows in its sum bit, so the carries can be read back.
module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  logic [4:0] total;

  assign total = {1'b0, a} + {1'b0, b} + {4'd0, cin};
  assign sum   = total[3:0];
  assign carry = total[4:1] ^ {1'b0, a[3:1]} ^ {1'b0, b[3:1]};

endmodule
