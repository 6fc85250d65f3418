// Adds the quarters of the samples, then what the rests bring.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [5:0] quarters;
  logic [3:0] rests;

  assign quarters = sample_0[5:2] + sample_1[5:2] + sample_2[5:2] + sample_3[5:2];
  assign rests    = sample_0[1:0] + sample_1[1:0] + sample_2[1:0] + sample_3[1:0] + 4'd2;
  assign average  = quarters + rests[3:2];

endmodule
