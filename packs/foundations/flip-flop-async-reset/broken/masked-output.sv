// A synchronous reset whose output is masked: a pulse between two edges leaves no trace.
module async_register #(
    parameter int WIDTH = 4,
    parameter int RESET_VALUE = 9
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);

  logic [WIDTH-1:0] stored;

  always_ff @(posedge clk) begin
    if (!rst_n) stored <= WIDTH'(RESET_VALUE);
    else stored <= d;
  end

  assign q = rst_n ? stored : WIDTH'(RESET_VALUE);

endmodule
