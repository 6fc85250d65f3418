// A state that flips with every 1, as a serial circuit would do it.
module parity #(
  parameter int   WIDTH = 7,
  parameter logic ODD   = 1'b0
) (
  input  logic [WIDTH-1:0] data,
  input  logic [WIDTH:0]   received,
  output logic [WIDTH:0]   sent,
  output logic             error
);

  logic bit_to_send;

  always_comb begin
    bit_to_send = ODD;
    for (int i = 0; i < WIDTH; i++) begin
      if (data[i]) bit_to_send = !bit_to_send;
    end

    error = ODD;
    for (int i = 0; i <= WIDTH; i++) begin
      if (received[i]) error = !error;
    end
  end

  assign sent = {bit_to_send, data};

endmodule
