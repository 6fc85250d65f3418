// The other operand of ?: is unsigned, so the whole expression is, and ">>>" fills with zeros after all.
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

  logic [7:0]  right;
  logic [15:0] doubled;

  assign right   = (operation == 2'(CODE_ARITHMETIC)) ? $signed(data) >>> amount : data >> amount;
  assign doubled = {data, data} >> amount;

  always_comb begin
    case (operation)
      2'(CODE_LEFT):   result = data << amount;
      2'(CODE_ROTATE): result = doubled[7:0];
      default:         result = right;
    endcase
  end

endmodule
