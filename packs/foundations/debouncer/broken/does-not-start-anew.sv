// A bounce stops the count but does not clear it.
module debouncer #(
    parameter int HOLD = 4,
    parameter int IDLE = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic raw,
    output logic clean
);

  logic [3:0] differing_edges;

  always_ff @(posedge clk) begin
    if (rst) begin
      clean <= 1'(IDLE);
      differing_edges <= 4'd0;
    end else if (raw != clean) begin
      if (differing_edges == 4'(HOLD - 1)) begin
        clean <= raw;
        differing_edges <= 4'd0;
      end else begin
        differing_edges <= differing_edges + 4'd1;
      end
    end
  end

endmodule
