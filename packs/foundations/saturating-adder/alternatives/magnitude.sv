// Limits the magnitude of the sum and puts the sign back.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  logic [WIDTH:0] total;
  logic [WIDTH:0] magnitude;
  logic [WIDTH:0] limited;
  logic           negative;

  assign total     = {a[WIDTH-1], a} + {b[WIDTH-1], b};
  assign negative  = total[WIDTH];
  assign magnitude = negative ? -total : total;
  assign saturated = magnitude > (WIDTH + 1)'(LIMIT);
  assign limited   = saturated ? (WIDTH + 1)'(LIMIT) : magnitude;
  assign sum       = negative ? -limited[WIDTH-1:0] : limited[WIDTH-1:0];

endmodule
