// The thresholds are signed, but temperature + 8'd2 is unsigned again.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  logic signed [7:0] goal;

  assign goal  = {2'b00, target};
  assign heat  = temperature + 8'd2 < goal;
  assign cool  = temperature > goal + 8'sd2;
  assign frost = temperature < 0;

endmodule
