// Asks how much room is left above or below a before adding b.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  localparam logic signed [WIDTH+1:0] UPPER = (WIDTH + 2)'(LIMIT);

  logic signed [WIDTH+1:0] room_above;
  logic signed [WIDTH+1:0] room_below;

  assign room_above = UPPER - a;
  assign room_below = UPPER + a;

  always_comb begin
    saturated = 1'b1;
    if (b > room_above) sum = WIDTH'(LIMIT);
    else if (-(WIDTH + 2)'(b) > room_below) sum = WIDTH'(-LIMIT);
    else begin
      sum       = a + b;
      saturated = 1'b0;
    end
  end

endmodule
