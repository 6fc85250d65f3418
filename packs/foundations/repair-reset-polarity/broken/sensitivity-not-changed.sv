// The test was inverted but the edge in the sensitivity list was not.
module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  always_ff @(posedge clk or posedge rst_n) begin
    if (!rst_n) count <= 4'd0;
    else if (event_in) count <= count + 4'd1;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) alive <= 1'b0;
    else alive <= ~alive;
  end

endmodule
