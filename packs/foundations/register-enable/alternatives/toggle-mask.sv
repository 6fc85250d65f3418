// Works out which bits must flip, and stores the difference to the reset value.
module register_enable #(
    parameter int WIDTH = 4,
    parameter int RESET_VALUE = 5
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             en,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);

  logic [WIDTH-1:0] difference, flip;

  assign q = difference ^ WIDTH'(RESET_VALUE);
  assign flip = (d ^ q) & {WIDTH{en}};

  always_ff @(posedge clk) begin
    if (rst) difference <= '0;
    else difference <= difference ^ flip;
  end

endmodule
