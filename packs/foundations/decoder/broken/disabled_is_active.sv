// When disabled, makes every line active instead of none.
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
    line = {LINES{!LINE_LEVEL}};
    for (int i = 0; i < LINES; i++) begin
      if (address == 4'(i)) line[i] = LINE_LEVEL;
    end
    if (enable != ENABLE_LEVEL) line = {LINES{LINE_LEVEL}};
  end

endmodule
