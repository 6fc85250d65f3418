// The successor of every code, written down.
module gray_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       en,
    output logic [3:0] gray
);

  logic [3:0] next;

  always_comb begin
    case (gray)
      4'b0000: next = 4'b0001;
      4'b0001: next = 4'b0011;
      4'b0011: next = 4'b0010;
      4'b0010: next = 4'b0110;
      4'b0110: next = 4'b0111;
      4'b0111: next = 4'b0101;
      4'b0101: next = 4'b0100;
      4'b0100: next = 4'b1100;
      4'b1100: next = 4'b1101;
      4'b1101: next = 4'b1111;
      4'b1111: next = 4'b1110;
      4'b1110: next = 4'b1010;
      4'b1010: next = 4'b1011;
      4'b1011: next = 4'b1001;
      4'b1001: next = 4'b1000;
      default: next = 4'b0000;
    endcase
  end

  always_ff @(posedge clk) begin
    if (rst) gray <= 4'b0000;
    else if (en) gray <= next;
  end

endmodule
