// Hamming corrector with double-error detection: 4 data bits, 3 group parity bits, 1 overall parity bit.
module hamming_corrector (
  input  logic [7:0] received,
  output logic [3:0] data,
  output logic       corrected,
  output logic       failed
);

  logic [2:0] syndrome;  // position of a single error; 0 also when the overall parity bit is wrong
  logic       overall;   // 1 after an odd number of errors
  logic [7:0] repaired;

  assign syndrome[0] = received[1] ^ received[3] ^ received[5] ^ received[7];
  assign syndrome[1] = received[2] ^ received[3] ^ received[6] ^ received[7];
  assign syndrome[2] = received[4] ^ received[5] ^ received[6] ^ received[7];
  assign overall     = ^received;

  assign corrected = overall;
  assign failed    = !overall && syndrome != 3'd0;

  always_comb begin
    repaired = received;
    if (overall) repaired[syndrome] = ~received[syndrome];
    data = {repaired[7:5], repaired[3]};
    if (failed) data = 'x;  // nothing to be relied on: don't care
  end

endmodule
