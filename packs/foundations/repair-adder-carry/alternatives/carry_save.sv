// Carry-save: three operands become two, twice, before the only real addition.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [7:0] s1, c1, s2, c2;

  assign s1 = 8'(sample_0 ^ sample_1 ^ sample_2);
  assign c1 = 8'((sample_0 & sample_1) | (sample_0 & sample_2) | (sample_1 & sample_2)) << 1;
  assign s2 = s1 ^ c1 ^ sample_3;
  assign c2 = ((s1 & c1) | (s1 & sample_3) | (c1 & sample_3)) << 1;

  logic [7:0] total;
  assign total   = s2 + c2 + 8'd2;
  assign average = total[7:2];

endmodule
