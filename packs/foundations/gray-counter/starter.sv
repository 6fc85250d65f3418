module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  // This counts in plain binary: change it to Gray code.
  always_ff @(posedge clk) begin
    if (rst) gray <= 4'd0;
    else if (en) gray <= gray + 4'd1;
  end

endmodule
