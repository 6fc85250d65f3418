// The parity bit for the opposite rule.
module parity #(
  parameter int   WIDTH = 7,
  parameter logic ODD   = 1'b0
) (
  input  logic [WIDTH-1:0] data,
  input  logic [WIDTH:0]   received,
  output logic [WIDTH:0]   sent,
  output logic             error
);

  assign sent  = {(^data) ^ !ODD, data};
  assign error = (^received) ^ !ODD;

endmodule
