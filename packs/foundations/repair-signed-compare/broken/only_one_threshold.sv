// Only the upper threshold was made signed.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  logic        [7:0] lower;
  logic signed [7:0] upper;

  assign lower = {2'b00, target} - 8'd2;
  assign upper = {2'b00, target} + 8'd2;

  assign heat  = temperature < lower;
  assign cool  = temperature > upper;
  assign frost = temperature < 0;

endmodule
