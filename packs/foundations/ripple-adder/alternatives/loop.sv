// A procedural loop that adds column by column, as on paper.
module ripple_adder (
  input  logic [3:0] a,
  input  logic [3:0] b,
  input  logic       cin,
  output logic [3:0] sum,
  output logic [3:0] carry
);

  always_comb begin
    logic running;
    running = cin;
    for (int i = 0; i < 4; i++) begin
      {carry[i], sum[i]} = {1'b0, a[i]} + {1'b0, b[i]} + {1'b0, running};
      running = carry[i];
    end
  end

endmodule
