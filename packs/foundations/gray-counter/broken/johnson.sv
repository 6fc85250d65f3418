// A Johnson counter: one bit at a time as well, but only eight codes.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  always_ff @(posedge clk) begin
    if (rst) gray <= 4'd0;
    else if (en) gray <= {gray[2:0], ~gray[3]};
  end

endmodule
