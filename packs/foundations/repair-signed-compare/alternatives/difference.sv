// One exact difference, compared with constants.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  logic signed [8:0] difference;

  assign difference = 9'(temperature) - $signed({3'b000, target});
  assign heat       = difference < -2;
  assign cool       = difference > 2;
  assign frost      = temperature[6];

endmodule
