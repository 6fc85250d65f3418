// One side turns green directly after the yellow of the other.
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

  logic [1:0] phase;
  logic [2:0] timer;

  always_ff @(posedge clk) begin
    if (rst) begin
      phase <= 2'd0;
      timer <= 3'(MAIN_GREEN - 1);
    end else if (timer != 3'd0) begin
      timer <= timer - 3'd1;
    end else if (phase != 2'd0 || car) begin
      phase <= phase + 2'd1;
      case (phase)
        2'd0, 2'd2: timer <= 3'(YELLOW - 1);
        2'd1: timer <= 3'(SIDE_GREEN - 1);
        default: timer <= 3'(MAIN_GREEN - 1);
      endcase
    end
  end

  assign main_road = phase == 2'd0 ? 3'b001 : phase == 2'd1 ? 3'b010 : 3'b100;
  assign side_road = phase == 2'd2 ? 3'b001 : phase == 2'd3 ? 3'b010 : 3'b100;

endmodule
