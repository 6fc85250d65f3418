// Every branch assigns every output.
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
      2'd0: {valid, reading} = {1'b1, temperature};
      2'd1: {valid, reading} = {1'b1, pressure};
      2'd2: begin
        if (humidity == 6'd63) {valid, reading} = 7'd0;
        else                   {valid, reading} = {1'b1, humidity};
      end
      default: {valid, reading} = 7'd0;
    endcase
  end

endmodule
