// Everything moved up by 66: no negative number is left, unsigned comparison is right.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  logic [7:0] moved_temperature;
  logic [7:0] moved_target;

  assign moved_temperature = {temperature[6], temperature} + 8'd66;  // 2 to 129
  assign moved_target      = {2'b00, target} + 8'd66;                // 66 to 129

  assign heat  = moved_temperature + 8'd2 < moved_target;
  assign cool  = moved_temperature > moved_target + 8'd2;
  assign frost = moved_temperature < 8'd66;

endmodule
