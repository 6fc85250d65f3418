// One counter runs through the whole round and waits at the end of the main green.
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

  localparam int MAIN_STOPS = MAIN_GREEN;
  localparam int RED_BEFORE_SIDE = MAIN_STOPS + YELLOW;
  localparam int SIDE_GOES = RED_BEFORE_SIDE + 1;
  localparam int SIDE_STOPS = SIDE_GOES + SIDE_GREEN;
  localparam int RED_BEFORE_MAIN = SIDE_STOPS + YELLOW;

  logic [4:0] position;

  always_ff @(posedge clk) begin
    if (rst) position <= 5'd0;
    else if (position == 5'(RED_BEFORE_MAIN)) position <= 5'd0;
    else if (position != 5'(MAIN_GREEN - 1) || car) position <= position + 5'd1;
  end

  assign main_road[0] = position < 5'(MAIN_STOPS);
  assign main_road[1] = position >= 5'(MAIN_STOPS) && position < 5'(RED_BEFORE_SIDE);
  assign main_road[2] = position >= 5'(RED_BEFORE_SIDE);
  assign side_road[0] = position >= 5'(SIDE_GOES) && position < 5'(SIDE_STOPS);
  assign side_road[1] = position >= 5'(SIDE_STOPS) && position < 5'(RED_BEFORE_MAIN);
  assign side_road[2] = !side_road[0] && !side_road[1];

endmodule
