// No latch any more, but the broken sensor's 63 is shown.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

  always_comb begin
    reading = 6'd0;
    valid   = 1'b0;
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
        reading = humidity;
        valid   = (humidity != 6'd63);
      end
      default: ;
    endcase
  end

endmodule
