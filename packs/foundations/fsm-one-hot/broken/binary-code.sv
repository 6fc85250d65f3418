// Counts the states in binary code at the port.
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
      state <= 4'd0;
    end else begin
      case (state)
        4'd0: if (start && !cancel) state <= 4'd1;
        4'd1: if (cancel) state <= 4'd3;
              else if (full) state <= 4'd2;
        4'd2: if (cancel || done) state <= 4'd3;
        default: if (done) state <= 4'd0;
      endcase
    end
  end

  assign water = state == 4'd1;
  assign motor = state[1];

endmodule
