// Traffic lights: a state machine for the phases and a timer for their lengths.
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

  localparam logic [2:0] RED_LIGHT = 3'b100;
  localparam logic [2:0] YELLOW_LIGHT = 3'b010;
  localparam logic [2:0] GREEN_LIGHT = 3'b001;

  typedef enum logic [2:0] {
    MAIN_GOES,
    MAIN_STOPS,
    RED_BEFORE_SIDE,
    SIDE_GOES,
    SIDE_STOPS,
    RED_BEFORE_MAIN
  } phase_t;

  phase_t phase, next;
  logic [2:0] timer, length;

  // The phase that follows, and its length less one.
  always_comb begin
    case (phase)
      MAIN_GOES: begin
        next = MAIN_STOPS;
        length = 3'(YELLOW - 1);
      end
      MAIN_STOPS: begin
        next = RED_BEFORE_SIDE;
        length = 3'd0;
      end
      RED_BEFORE_SIDE: begin
        next = SIDE_GOES;
        length = 3'(SIDE_GREEN - 1);
      end
      SIDE_GOES: begin
        next = SIDE_STOPS;
        length = 3'(YELLOW - 1);
      end
      SIDE_STOPS: begin
        next = RED_BEFORE_MAIN;
        length = 3'd0;
      end
      default: begin
        next = MAIN_GOES;
        length = 3'(MAIN_GREEN - 1);
      end
    endcase
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      phase <= MAIN_GOES;
      timer <= 3'(MAIN_GREEN - 1);
    end else if (timer != 3'd0) begin
      timer <= timer - 3'd1;
    end else if (phase != MAIN_GOES || car) begin
      phase <= next;
      timer <= length;
    end
  end

  always_comb begin
    main_road = RED_LIGHT;
    side_road = RED_LIGHT;
    case (phase)
      MAIN_GOES: main_road = GREEN_LIGHT;
      MAIN_STOPS: main_road = YELLOW_LIGHT;
      SIDE_GOES: side_road = GREEN_LIGHT;
      SIDE_STOPS: side_road = YELLOW_LIGHT;
      default: ;
    endcase
  end

endmodule
