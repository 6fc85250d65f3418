// The reset of the counter was tied off.
module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  always_ff @(posedge clk) begin
    if (event_in) count <= count + 4'd1;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) alive <= 1'b0;
    else alive <= ~alive;
  end

endmodule
