// Sets the new bit but forgets to clear the old one when it leaves FILL.
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

  logic idle, fill, wash, spin;
  logic go;

  assign go = start & ~cancel;

  always_ff @(posedge clk) begin
    idle <= rst | (idle & ~go) | (spin & done);
    fill <= ~rst & ((idle & go) | (fill & ~full));
    wash <= ~rst & ((fill & full & ~cancel) | (wash & ~done & ~cancel));
    spin <= ~rst & ((fill & cancel) | (wash & (done | cancel)) | (spin & ~done));
  end

  assign state = {spin, wash, fill, idle};
  assign water = fill;
  assign motor = wash | spin;

endmodule
