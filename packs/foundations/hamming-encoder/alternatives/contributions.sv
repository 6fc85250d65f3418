// The code is linear: every data bit that is 1 contributes a fixed word.
module hamming_encoder (
  input  logic [7:0]  data,
  output logic [11:0] code
);

  assign code = ({12{data[0]}} & 12'b0000_0000_0111)
              ^ ({12{data[1]}} & 12'b0000_0001_1001)
              ^ ({12{data[2]}} & 12'b0000_0010_1010)
              ^ ({12{data[3]}} & 12'b0000_0100_1011)
              ^ ({12{data[4]}} & 12'b0001_1000_0001)
              ^ ({12{data[5]}} & 12'b0010_1000_0010)
              ^ ({12{data[6]}} & 12'b0100_1000_0011)
              ^ ({12{data[7]}} & 12'b1000_1000_1000);

endmodule
