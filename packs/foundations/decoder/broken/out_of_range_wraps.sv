// Addresses without a line select the last line instead of none.
module decoder #(
  parameter int   LINES        = 10,
  parameter logic LINE_LEVEL   = 1'b0,
  parameter logic ENABLE_LEVEL = 1'b1
) (
  input  logic             enable,
  input  logic [3:0]       address,
  output logic [LINES-1:0] line
);

  logic [3:0] clipped;

  assign clipped = (address < LINES) ? address : 4'(LINES - 1);

  always_comb begin
    line = {LINES{!LINE_LEVEL}};
    if (enable == ENABLE_LEVEL) line[clipped] = LINE_LEVEL;
  end

endmodule
