// An error in the overall parity bit alone is not reported as corrected.
module hamming_corrector (
  input  logic [7:0] received,
  output logic [3:0] data,
  output logic       corrected,
  output logic       failed
);

  logic [2:0] syndrome;
  logic       overall;
  logic [7:0] repaired;

  assign syndrome[0] = ^(received & 8'b1010_1010);
  assign syndrome[1] = ^(received & 8'b1100_1100);
  assign syndrome[2] = ^(received & 8'b1111_0000);
  assign overall     = ^received;

  always_comb begin
    repaired = received;
    if (overall) repaired[syndrome] = ~received[syndrome];
  end

  assign data      = {repaired[7:5], repaired[3]};
  assign corrected = overall && syndrome != 3'd0;
  assign failed    = !overall && syndrome != 3'd0;

endmodule
