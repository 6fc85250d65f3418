// Thermostat with a dead band of 2 degrees on either side.
module thermostat (
  input  logic signed [6:0] temperature,
  input  logic        [5:0] target,
  output logic              heat,
  output logic              cool,
  output logic              frost
);

  localparam logic [7:0] BAND = 8'd2;

  logic [7:0] lower;
  logic [7:0] upper;

  // Thresholds: one bit of reserve, so that nothing overflows.
  assign lower = {2'b00, target} - BAND;
  assign upper = {2'b00, target} + BAND;

  // Between the thresholds neither device runs.
  assign heat  = temperature < lower;
  assign cool  = temperature > upper;

  assign frost = temperature < 0;

endmodule
