// Decodes the address whether or not the circuit is enabled.
module decoder #(
  parameter int   LINES        = 10,
  parameter logic LINE_LEVEL   = 1'b0,
  parameter logic ENABLE_LEVEL = 1'b1
) (
  input  logic             enable,
  input  logic [3:0]       address,
  output logic [LINES-1:0] line
);

  always_comb begin
    for (int i = 0; i < LINES; i++) begin
      line[i] = (address == 4'(i)) ? LINE_LEVEL : !LINE_LEVEL;
    end
  end

endmodule
