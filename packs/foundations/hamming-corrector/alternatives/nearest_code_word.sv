// Encodes each of the 16 numbers and looks for the code word nearest to what was received.
module hamming_corrector (
  input  logic [7:0] received,
  output logic [3:0] data,
  output logic       corrected,
  output logic       failed
);

  function automatic logic [7:0] encoded(input logic [3:0] d);
    logic [7:1] word;
    word[7:5] = d[3:1];
    word[3]   = d[0];
    word[1]   = d[0] ^ d[1] ^ d[3];
    word[2]   = d[0] ^ d[2] ^ d[3];
    word[4]   = d[1] ^ d[2] ^ d[3];
    encoded   = {word, ^word};
  endfunction

  logic [15:0] exact;
  logic [15:0] close;

  always_comb begin
    logic [7:0] difference;
    data = 4'd0;
    for (int d = 0; d < 16; d++) begin
      difference = received ^ encoded(4'(d));
      exact[d] = difference == 8'd0;
      close[d] = difference != 8'd0 && (difference & (difference - 8'd1)) == 8'd0;
      if (exact[d] || close[d]) data = 4'(d);
    end
  end

  assign corrected = |close;
  assign failed    = ~|exact & ~|close;

endmodule
