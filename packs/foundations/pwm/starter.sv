module pwm (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] duty,
    output logic       pulse
);

  logic [3:0] position;

  // The position runs through 16 values, and the output does not use it yet.
  always_ff @(posedge clk) begin
    if (rst) position <= 4'd0;
    else position <= position + 4'd1;
  end

  assign pulse = 1'b${1-ACTIVE};

endmodule
