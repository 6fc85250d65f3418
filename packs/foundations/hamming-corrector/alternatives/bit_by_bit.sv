// Each data bit is flipped by its own AND gate on the syndrome.
module hamming_corrector (
  input  logic [7:0] received,
  output logic [3:0] data,
  output logic       corrected,
  output logic       failed
);

  logic s1, s2, s4, odd;

  assign s1  = ^(received & 8'b1010_1010);
  assign s2  = ^(received & 8'b1100_1100);
  assign s4  = ^(received & 8'b1111_0000);
  assign odd = ^received;

  assign data[0] = received[3] ^ ( s1 &  s2 & ~s4);
  assign data[1] = received[5] ^ ( s1 & ~s2 &  s4);
  assign data[2] = received[6] ^ (~s1 &  s2 &  s4);
  assign data[3] = received[7] ^ ( s1 &  s2 &  s4);

  assign corrected = odd;
  assign failed    = (s1 | s2 | s4) & ~odd;

endmodule
