// Gray-code counter. Both forms of the count are registered, so that the output comes straight from flip-flops.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] binary, binary_next;

  assign binary_next = binary + 4'd1;

  always_ff @(posedge clk) begin
    if (rst) begin
      binary <= 4'd0;
      gray <= 4'd0;
    end else if (en) begin
      binary <= binary_next;
      gray <= binary_next ^ (binary_next >> 1);
    end
  end

endmodule
