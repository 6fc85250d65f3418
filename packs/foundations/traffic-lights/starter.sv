module traffic_lights (
    input  logic       clk,
    input  logic       rst,
    input  logic       car,
    output logic [2:0] main_road,
    output logic [2:0] side_road
);

  // The lights never change: write the controller.
  assign main_road = 3'b001;
  assign side_road = 3'b100;

endmodule
