// Believes that an initial value is what an unassigned output falls back to.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

  initial reading = 6'd0;

  always @* begin
    case (source)
      2'd0: begin
        reading = temperature;
        valid   = 1'b1;
      end
      2'd1: begin
        reading = pressure;
        valid   = 1'b1;
      end
      2'd2: begin
        valid = (humidity != 6'd63);
        if (humidity != 6'd63) reading = humidity;
      end
      default: valid = 1'b0;
    endcase
  end

endmodule
