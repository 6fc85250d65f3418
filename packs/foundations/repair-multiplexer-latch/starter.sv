// Chooses the sensor that the display shows.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

  localparam logic [5:0] SENSOR_BROKEN = 6'd63;

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
        if (humidity == SENSOR_BROKEN) begin
          valid = 1'b0;
        end else begin
          reading = humidity;
          valid   = 1'b1;
        end
      end
      2'd3: begin
        valid = 1'b0;
      end
    endcase
  end

endmodule
