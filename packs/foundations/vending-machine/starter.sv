module vending_machine (
    input  logic       clk,
    input  logic       rst,
    input  logic [1:0] coin,
    input  logic       cancel,
    output logic       vend,
    output logic [3:0] change
);

  logic [3:0] credit;

  // It takes small coins but never sells: complete it.
  always_ff @(posedge clk) begin
    vend   <= 1'b0;
    change <= 4'd0;
    if (rst) credit <= 4'd0;
    else if (coin == 2'd1) credit <= credit + 4'd1;
  end

endmodule
