// Stores the complement of the count; the reset sets all flip-flops.
module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  logic       reset;
  logic [3:0] count_n;
  logic       resting;

  assign reset = ~rst_n;
  assign count = ~count_n;
  assign alive = ~resting;

  always_ff @(posedge clk or posedge reset) begin
    if (reset) begin
      count_n <= 4'd15;
      resting <= 1'b1;
    end else begin
      if (event_in) count_n <= count_n - 4'd1;
      resting <= ~resting;
    end
  end

endmodule
