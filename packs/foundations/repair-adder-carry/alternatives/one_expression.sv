// One expression; the 8-bit constant makes every addition in it 8 bits wide.
module average_4 (
  input  logic [5:0] sample_0,
  input  logic [5:0] sample_1,
  input  logic [5:0] sample_2,
  input  logic [5:0] sample_3,
  output logic [5:0] average
);

  logic [7:0] total;

  assign total   = 8'd2 + sample_0 + sample_1 + sample_2 + sample_3;
  assign average = 6'(total / 8'd4);

endmodule
