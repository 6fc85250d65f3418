// One multiplexer and one flip-flop per bit, in a generate loop.
module shift_register (
    input  logic       clk,
    input  logic       load,
    input  logic       en,
    input  logic [3:0] d,
    input  logic       serial_in,
    output logic [3:0] q,
    output logic       serial_out
);

  logic [4:0] chain;

  assign chain = {q, serial_in};
  assign serial_out = chain[4];

  for (genvar i = 0; i < 4; i++) begin : g_bit
    always_ff @(posedge clk) begin
      if (load || en) q[i] <= load ? d[i] : chain[i];
    end
  end

endmodule
