// Everything in one module with one active-low reset.
module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      count <= 4'd0;
      alive <= 1'b0;
    end else begin
      count <= count + 4'(event_in);
      alive <= ~alive;
    end
  end

endmodule
