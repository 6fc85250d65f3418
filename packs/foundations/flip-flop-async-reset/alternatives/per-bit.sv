// One flip-flop per bit, each with its own set or clear.
module async_bit (
    input  logic clk,
    input  logic rst_n,
    input  logic initial_value,
    input  logic d,
    output logic q
);

  logic set_bit, clear_bit;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) set_bit <= 1'b1;
    else set_bit <= d;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) clear_bit <= 1'b0;
    else clear_bit <= d;
  end

  assign q = initial_value ? set_bit : clear_bit;

endmodule

module async_register #(
    parameter int WIDTH = 4,
    parameter int RESET_VALUE = 9
) (
    input  logic             clk,
    input  logic             rst_n,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);

  localparam logic [WIDTH-1:0] INITIAL = WIDTH'(RESET_VALUE);

  for (genvar i = 0; i < WIDTH; i++) begin : g_bit
    async_bit u_bit (
        .clk(clk),
        .rst_n(rst_n),
        .initial_value(INITIAL[i]),
        .d(d[i]),
        .q(q[i])
    );
  end

endmodule
