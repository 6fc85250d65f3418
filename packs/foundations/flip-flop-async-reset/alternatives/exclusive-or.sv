// Stores the difference to the reset value, so that every flip-flop resets to 0.
module async_register #(
    parameter int WIDTH = 4,
    parameter int RESET_VALUE = 9
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);

  logic [WIDTH-1:0] difference;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) difference <= '0;
    else difference <= d ^ WIDTH'(RESET_VALUE);
  end

  assign q = difference ^ WIDTH'(RESET_VALUE);

endmodule
