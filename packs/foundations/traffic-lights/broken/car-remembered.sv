// Remembers a car that has left again.
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

  logic [2:0] phase, timer;
  logic       waiting;

  always_ff @(posedge clk) begin
    if (rst) begin
      phase <= 3'd0;
      timer <= 3'(MAIN_GREEN - 1);
      waiting <= 1'b0;
    end else begin
      if (car) waiting <= 1'b1;
      if (timer != 3'd0) begin
        timer <= timer - 3'd1;
      end else if (phase != 3'd0 || car || waiting) begin
        phase <= phase == 3'd5 ? 3'd0 : phase + 3'd1;
        if (phase == 3'd3) waiting <= 1'b0;
        case (phase)
          3'd0, 3'd3: timer <= 3'(YELLOW - 1);
          3'd2: timer <= 3'(SIDE_GREEN - 1);
          3'd5: timer <= 3'(MAIN_GREEN - 1);
          default: timer <= 3'd0;
        endcase
      end
    end
  end

  assign main_road = phase == 3'd0 ? 3'b001 : phase == 3'd1 ? 3'b010 : 3'b100;
  assign side_road = phase == 3'd3 ? 3'b001 : phase == 3'd4 ? 3'b010 : 3'b100;

endmodule
