// Two small decoders, for the upper and the lower half of the address, and an AND for every line.
module decoder #(
  parameter int   LINES        = 10,
  parameter logic LINE_LEVEL   = 1'b0,
  parameter logic ENABLE_LEVEL = 1'b1
) (
  input  logic             enable,
  input  logic [3:0]       address,
  output logic [LINES-1:0] line
);

  logic [3:0] row;
  logic [3:0] column;

  always_comb begin
    case (address[3:2])
      2'd0:    row = 4'b0001;
      2'd1:    row = 4'b0010;
      2'd2:    row = 4'b0100;
      default: row = 4'b1000;
    endcase
    case (address[1:0])
      2'd0:    column = 4'b0001;
      2'd1:    column = 4'b0010;
      2'd2:    column = 4'b0100;
      default: column = 4'b1000;
    endcase
    if (enable != ENABLE_LEVEL) row = 4'b0000;
  end

  generate
    for (genvar i = 0; i < LINES; i++) begin : g_line
      assign line[i] = (row[i/4] & column[i%4]) ? LINE_LEVEL : !LINE_LEVEL;
    end
  endgenerate

endmodule
