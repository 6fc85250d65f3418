// Source 3 is repaired; the broken humidity sensor still leaves the old reading.
module sensor_selector (
  input  logic [1:0] source,
  input  logic [5:0] temperature,
  input  logic [5:0] pressure,
  input  logic [5:0] humidity,
  output logic [5:0] reading,
  output logic       valid
);

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
        if (humidity == 6'd63) begin
          valid = 1'b0;
        end else begin
          reading = humidity;
          valid   = 1'b1;
        end
      end
      default: begin
        reading = 6'd0;
        valid   = 1'b0;
      end
    endcase
  end

endmodule
