// Without any procedural block: validity first, then a masked selection.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

  logic [5:0] selected;

  assign valid    = (source != 2'd3) & ~((source == 2'd2) & (&humidity));
  assign selected = source[1] ? humidity : (source[0] ? pressure : temperature);
  assign reading  = selected & {6{valid}};

endmodule
