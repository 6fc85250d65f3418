// Looks at the input only once every HOLD edges.
module debouncer #(
    parameter int HOLD = 4,
    parameter int IDLE = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic raw,
    output logic clean
);

  logic [3:0] count;

  always_ff @(posedge clk) begin
    if (rst) begin
      clean <= 1'(IDLE);
      count <= 4'd0;
    end else if (count == 4'(HOLD - 1)) begin
      clean <= raw;
      count <= 4'd0;
    end else begin
      count <= count + 4'd1;
    end
  end

endmodule
