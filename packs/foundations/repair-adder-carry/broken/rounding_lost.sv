// The overflow is repaired, the rounding was thrown out with it.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [7:0] total;

  assign total   = 8'(sample_0) + 8'(sample_1) + 8'(sample_2) + 8'(sample_3);
  assign average = total[7:2];

endmodule
