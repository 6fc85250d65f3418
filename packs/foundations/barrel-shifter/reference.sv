// Barrel shifter: four shifted words, one of them chosen. The CODE parameters are a permutation of 0 to 3.
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

  logic signed [7:0]  signed_data;
  logic        [7:0]  left;
  logic        [7:0]  right;
  logic signed [7:0]  arithmetic;
  logic        [15:0] doubled;

  assign signed_data = data;
  assign left        = data << amount;
  assign right       = data >> amount;
  assign arithmetic  = signed_data >>> amount;
  assign doubled     = {data, data} >> amount;  // its lower half is data, rotated

  always_comb begin
    case (operation)
      2'(CODE_LEFT):       result = left;
      2'(CODE_RIGHT):      result = right;
      2'(CODE_ARITHMETIC): result = arithmetic;
      default:             result = doubled[7:0];
    endcase
  end

endmodule
