// Works on the code itself: the parity says whether bit 0 or the bit left of the rightmost 1 toggles.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] toggle;

  always_comb begin
    if (^gray == 1'b0) toggle = 4'b0001;
    else if (gray[0]) toggle = 4'b0010;
    else if (gray[1]) toggle = 4'b0100;
    else toggle = 4'b1000;
  end

  always_ff @(posedge clk) begin
    if (rst) gray <= 4'd0;
    else if (en) gray <= gray ^ toggle;
  end

endmodule
