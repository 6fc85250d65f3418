// A binary counter with the conversion behind it.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] binary;

  always_ff @(posedge clk) begin
    if (rst) binary <= 4'd0;
    else if (en) binary <= binary + 4'd1;
  end

  assign gray = binary ^ (binary >> 1);

endmodule
