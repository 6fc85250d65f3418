// A funnel: 15 bits are laid out so that an 8-bit window at the right place is the result.
module barrel_shifter #(
  parameter int CODE_LEFT       = 0,
  parameter int CODE_RIGHT      = 1,
  parameter int CODE_ARITHMETIC = 2,
  parameter int CODE_ROTATE     = 3
) (
  input  logic [7:0] data,
  input  logic [2:0] amount,
  input  logic [1:0] operation,
  output logic [7:0] result
);

  logic [14:0] funnel;
  logic [3:0]  start;

  always_comb begin
    start = {1'b0, amount};
    case (operation)
      2'(CODE_LEFT): begin
        funnel = {data, 7'd0};
        start  = 4'd7 - {1'b0, amount};
      end
      2'(CODE_RIGHT):      funnel = {7'd0, data};
      2'(CODE_ARITHMETIC): funnel = {{7{data[7]}}, data};
      default:             funnel = {data[6:0], data};
    endcase
  end

  assign result = funnel[start +: 8];

endmodule
