// Rounded mean of four samples.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [5:0] pair_01;
  logic [5:0] pair_23;
  logic [7:0] total;

  assign pair_01 = sample_0 + sample_1;
  assign pair_23 = sample_2 + sample_3;

  // Two is half of the divisor: it rounds to the nearest integer.
  assign total   = pair_01 + pair_23 + 8'd2;

  // Division by four.
  assign average = total[7:2];

endmodule
