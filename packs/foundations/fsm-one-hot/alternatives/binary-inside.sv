// Two bits inside, decoded at the output.
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

  logic [1:0] step;

  always_ff @(posedge clk) begin
    if (rst) begin
      step <= 2'd0;
    end else begin
      case (step)
        2'd0: if (start && !cancel) step <= 2'd1;
        2'd1: if (cancel) step <= 2'd3;
              else if (full) step <= 2'd2;
        2'd2: if (cancel || done) step <= 2'd3;
        2'd3: if (done) step <= 2'd0;
      endcase
    end
  end

  assign state = 4'b0001 << step;
  assign water = step == 2'd1;
  assign motor = step[1];

endmodule
