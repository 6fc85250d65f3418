// Starts although cancel is held.
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

  always_ff @(posedge clk) begin
    if (rst) begin
      state <= 4'b0001;
    end else begin
      case (state)
        4'b0001: if (start) state <= 4'b0010;
        4'b0010: if (cancel) state <= 4'b1000;
                 else if (full) state <= 4'b0100;
        4'b0100: if (cancel || done) state <= 4'b1000;
        4'b1000: if (done) state <= 4'b0001;
        default: state <= 4'b0001;
      endcase
    end
  end

  assign water = state[1];
  assign motor = state[2] | state[3];

endmodule
