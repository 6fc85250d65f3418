// Remembers what is still to be paid instead of what was paid.
module vending_machine #(
    parameter int PRICE = 7,
    parameter int BIG_COIN = 5
) (
    input  logic       clk,
    input  logic       rst,
    input  logic [1:0] coin,
    input  logic       cancel,
    output logic       vend,
    output logic [3:0] change
);

  logic [3:0] to_pay;
  logic [3:0] value;
  logic [4:0] rest;

  assign value = coin == 2'd1 ? 4'd1 : coin == 2'd2 ? 4'(BIG_COIN) : 4'd0;
  assign rest  = {1'b0, to_pay} - {1'b0, value};

  always_ff @(posedge clk) begin
    if (rst || cancel || rest[4] || rest == 5'd0) to_pay <= 4'(PRICE);
    else to_pay <= rest[3:0];

    vend <= !rst && !cancel && (rest[4] || rest == 5'd0);

    if (rst) change <= 4'd0;
    else if (cancel) change <= 4'(PRICE) - rest[3:0];
    else if (rest[4]) change <= 4'd0 - rest[3:0];
    else change <= 4'd0;
  end

endmodule
