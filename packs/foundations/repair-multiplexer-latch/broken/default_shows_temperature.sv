// No latch any more, but the default shows a sensor nobody asked for.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

  always_comb begin
    reading = temperature;
    valid   = 1'b1;
    case (source)
      2'd1: reading = pressure;
      2'd2: begin
        reading = humidity;
        valid   = (humidity != 6'd63);
      end
      2'd3: valid = 1'b0;
      default: ;
    endcase
  end

endmodule
