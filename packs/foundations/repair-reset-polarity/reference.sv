// Event counter and heartbeat; both are reset asynchronously, with opposite polarity of their ports.
module event_counter (
    input  logic       clk,
    input  logic       rst,
    input  logic       step,
    output logic [3:0] count
);

  always_ff @(posedge clk or posedge rst) begin
    if (rst) count <= 4'd0;
    else if (step) count <= count + 4'd1;
  end

endmodule

module heartbeat (
    input  logic clk,
    input  logic rst_n,
    output logic alive
);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) alive <= 1'b0;
    else alive <= ~alive;
  end

endmodule

module event_monitor (
    input  logic       clk,
    input  logic       rst_n,
    input  logic       event_in,
    output logic [3:0] count,
    output logic       alive
);

  event_counter u_counter (
      .clk(clk),
      .rst(~rst_n),
      .step(event_in),
      .count(count)
  );

  heartbeat u_heartbeat (
      .clk(clk),
      .rst_n(rst_n),
      .alive(alive)
  );

endmodule
