module washing_machine (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic       full,
    input  logic       done,
    input  logic       cancel,
    output logic [3:0] state,
    output logic       water,
    output logic       motor
);

  localparam logic [3:0] IDLE = 4'b0001;
  localparam logic [3:0] FILL = 4'b0010;

  // Only the first step is there: add the others and the outputs.
  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else if (state == IDLE && start) state <= FILL;
  end

  assign water = 1'b0;
  assign motor = 1'b0;

endmodule
