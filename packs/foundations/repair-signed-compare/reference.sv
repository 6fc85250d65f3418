// Thermostat with a dead band of 2 degrees on either side. Thresholds are signed, like the temperature.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  localparam logic signed [7:0] BAND = 8'sd2;

  logic signed [7:0] lower;  // at least -2
  logic signed [7:0] upper;  // at most 65

  assign lower = $signed({2'b00, target}) - BAND;
  assign upper = $signed({2'b00, target}) + BAND;

  assign heat  = temperature < lower;
  assign cool  = temperature > upper;
  assign frost = temperature < 0;

endmodule
