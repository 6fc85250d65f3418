// Applies the conversion to the Gray value again and again instead of counting in binary.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] next;

  assign next = gray + 4'd1;

  always_ff @(posedge clk) begin
    if (rst) gray <= 4'd0;
    else if (en) gray <= next ^ (next >> 1);
  end

endmodule
