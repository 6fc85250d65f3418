// Registers the converted old count: the output lags by one cycle.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] binary;

  always_ff @(posedge clk) begin
    if (rst) begin
      binary <= 4'd0;
      gray <= 4'd0;
    end else begin
      if (en) binary <= binary + 4'd1;
      gray <= binary ^ (binary >> 1);
    end
  end

endmodule
