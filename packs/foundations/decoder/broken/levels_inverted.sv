// Takes the lines' active level for the opposite one.
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
    line = {LINES{LINE_LEVEL}};
    for (int i = 0; i < LINES; i++) begin
      if (enable == ENABLE_LEVEL && address == 4'(i)) line[i] = !LINE_LEVEL;
    end
  end

endmodule
