// Odd parity instead of even.
module hamming_encoder (
  input  logic [7:0]  data,
  output logic [11:0] code
);

  logic p1, p2, p4, p8;

  assign p1 = ~(data[0] ^ data[1] ^ data[3] ^ data[4] ^ data[6]);
  assign p2 = ~(data[0] ^ data[2] ^ data[3] ^ data[5] ^ data[6]);
  assign p4 = ~(data[1] ^ data[2] ^ data[3] ^ data[7]);
  assign p8 = ~(data[4] ^ data[5] ^ data[6] ^ data[7]);

  assign code = {data[7:4], p8, data[3:1], p4, data[0], p2, p1};

endmodule
