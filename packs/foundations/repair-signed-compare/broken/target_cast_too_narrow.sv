// $signed without a leading zero: targets from 32 on become negative.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  logic signed [7:0] lower;
  logic signed [7:0] upper;

  assign lower = $signed(target) - 8'sd2;
  assign upper = $signed(target) + 8'sd2;

  assign heat  = temperature < lower;
  assign cool  = temperature > upper;
  assign frost = temperature < 0;

endmodule
