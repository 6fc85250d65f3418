// The inversion was made for both blocks: now the light fails instead.
module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  logic reset;

  assign reset = ~rst_n;

  always_ff @(posedge clk or posedge reset) begin
    if (reset) count <= 4'd0;
    else if (event_in) count <= count + 4'd1;
  end

  always_ff @(posedge clk or negedge reset) begin
    if (!reset) alive <= 1'b0;
    else alive <= ~alive;
  end

endmodule
