// A sale has priority over the cancellation.
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

  logic [3:0] credit, value, total;

  assign value = coin == 2'd1 ? 4'd1 : coin == 2'd2 ? 4'(BIG_COIN) : 4'd0;
  assign total = credit + value;

  always_ff @(posedge clk) begin
    vend <= 1'b0;
    change <= 4'd0;
    credit <= 4'd0;
    if (!rst) begin
      if (total >= 4'(PRICE)) begin
        vend <= 1'b1;
        change <= total - 4'(PRICE);
      end else if (cancel) begin
        change <= total;
      end else begin
        credit <= total;
      end
    end
  end

endmodule
