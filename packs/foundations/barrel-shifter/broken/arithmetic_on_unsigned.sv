// ">>>" on an unsigned word is a logical shift.
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

  logic [15:0] doubled;

  assign doubled = {data, data} >> amount;

  always_comb begin
    case (operation)
      2'(CODE_LEFT):       result = data << amount;
      2'(CODE_RIGHT):      result = data >> amount;
      2'(CODE_ARITHMETIC): result = data >>> amount;
      default:             result = doubled[7:0];
    endcase
  end

endmodule
