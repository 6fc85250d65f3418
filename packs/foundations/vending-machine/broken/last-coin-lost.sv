// Compares the credit before the coin of this cycle is added, and returns it without that coin.
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

  logic [3:0] credit, value;

  assign value = coin == 2'd1 ? 4'd1 : coin == 2'd2 ? 4'(BIG_COIN) : 4'd0;

  always_ff @(posedge clk) begin
    vend <= 1'b0;
    change <= 4'd0;
    if (rst) begin
      credit <= 4'd0;
    end else if (cancel) begin
      change <= credit;
      credit <= 4'd0;
    end else if (credit >= 4'(PRICE)) begin
      vend <= 1'b1;
      change <= credit - 4'(PRICE);
      credit <= 4'd0;
    end else begin
      credit <= credit + value;
    end
  end

endmodule
