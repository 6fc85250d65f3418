// One flip-flop per possible credit; coins move the token along the row.
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

  logic [PRICE-1:0] credit;
  logic [     15:0] total;
  logic             enough;
  logic [      3:0] amount;

  always_comb begin
    total = 16'(credit);
    if (coin == 2'd1) total = total << 1;
    if (coin == 2'd2) total = total << BIG_COIN;
    enough = |(total >> PRICE);
    amount = 4'd0;
    for (int i = 1; i < 16; i++) begin
      if (total[i]) amount = amount | 4'(i);
    end
  end

  always_ff @(posedge clk) begin
    if (rst || cancel || enough) credit <= PRICE'(1);
    else credit <= total[PRICE-1:0];
    vend <= !rst && !cancel && enough;
    if (rst) change <= 4'd0;
    else if (cancel) change <= amount;
    else if (enough) change <= amount - 4'(PRICE);
    else change <= 4'd0;
  end

endmodule
