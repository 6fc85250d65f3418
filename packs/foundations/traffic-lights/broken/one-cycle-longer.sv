// Counts every phase from N down to 0, which makes N+1 cycles.
module traffic_lights #(
    parameter int MAIN_GREEN = 5,
    parameter int SIDE_GREEN = 3,
    parameter int YELLOW = 2
) (
    input  logic       clk,
    input  logic       rst,
    input  logic       car,
    output logic [2:0] main_road,
    output logic [2:0] side_road
);

  logic [2:0] phase;
  logic [3:0] timer;

  always_ff @(posedge clk) begin
    if (rst) begin
      phase <= 3'd0;
      timer <= 4'(MAIN_GREEN);
    end else if (timer != 4'd0) begin
      timer <= timer - 4'd1;
    end else if (phase != 3'd0 || car) begin
      phase <= phase == 3'd5 ? 3'd0 : phase + 3'd1;
      case (phase)
        3'd0, 3'd3: timer <= 4'(YELLOW);
        3'd2: timer <= 4'(SIDE_GREEN);
        3'd5: timer <= 4'(MAIN_GREEN);
        default: timer <= 4'd1;
      endcase
    end
  end

  assign main_road = phase == 3'd0 ? 3'b001 : phase == 3'd1 ? 3'b010 : 3'b100;
  assign side_road = phase == 3'd3 ? 3'b001 : phase == 3'd4 ? 3'b010 : 3'b100;

endmodule
