// Rounded mean of four samples; every sum is wide enough for its carry.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [6:0] pair_01;
  logic [6:0] pair_23;
  logic [7:0] total;  // at most 4 * 63 + 2 = 254

  assign pair_01 = sample_0 + sample_1;
  assign pair_23 = sample_2 + sample_3;
  assign total   = pair_01 + pair_23 + 8'd2;
  assign average = total[7:2];

endmodule
