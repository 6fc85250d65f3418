// One flip-flop per phase and a timer that counts up.
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

  logic [5:0] phase;
  logic [2:0] elapsed, last;
  logic       leave;

  always_comb begin
    last = 3'd0;
    if (phase[0]) last = 3'(MAIN_GREEN - 1);
    if (phase[3]) last = 3'(SIDE_GREEN - 1);
    if (phase[1] || phase[4]) last = 3'(YELLOW - 1);
    leave = elapsed == last && (car || !phase[0]);
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      phase <= 6'b000001;
      elapsed <= 3'd0;
    end else if (leave) begin
      phase <= {phase[4:0], phase[5]};
      elapsed <= 3'd0;
    end else if (elapsed != last) begin
      elapsed <= elapsed + 3'd1;
    end
  end

  assign main_road = {|phase[5:2], phase[1], phase[0]};
  assign side_road = {phase[5] | (|phase[2:0]), phase[4], phase[3]};

endmodule
