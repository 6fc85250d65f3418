// The sum is as narrow as the inputs: it has wrapped before it is compared.
module saturating_adder #(
  parameter int WIDTH = 6,
  parameter int LIMIT = 25
) (
  input  logic signed [WIDTH-1:0] a,
  input  logic signed [WIDTH-1:0] b,
  output logic signed [WIDTH-1:0] sum,
  output logic                    saturated
);

  logic signed [WIDTH-1:0] total;

  assign total = a + b;

  always_comb begin
    saturated = 1'b1;
    if (total > LIMIT) sum = WIDTH'(LIMIT);
    else if (total < -LIMIT) sum = WIDTH'(-LIMIT);
    else begin
      sum       = total;
      saturated = 1'b0;
    end
  end

endmodule
