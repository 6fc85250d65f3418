// Writes the select values in decimal digits that look binary: 10 and 11 never match.
module multiplexer (
  input  logic [3:0] d0,
  input  logic [3:0] d1,
  input  logic [3:0] d2,
  input  logic [3:0] d3,
  input  logic [1:0] sel,
  output logic [3:0] y
);

  always_comb begin
    case (sel)
      0:       y = d0;
      1:       y = d1;
      10:      y = d2;
      11:      y = d3;
      default: y = 4'd0;
    endcase
  end

endmodule
