// Thermometer code: every vote pushes the column of 1s up by one; its height is the count.
module vote_counter #(
  parameter int WIDTH     = 9,
  parameter int THRESHOLD = 5
) (
  input  logic [WIDTH-1:0] votes,
  output logic [3:0]       count,
  output logic             passed
);

  logic [WIDTH-1:0] column;

  always_comb begin
    column = '0;
    for (int i = 0; i < WIDTH; i++) begin
      if (votes[i]) column = {column[WIDTH-2:0], 1'b1};
    end
  end

  assign passed = column[THRESHOLD-1];

  always_comb begin
    count = 4'd0;
    for (int i = 0; i < WIDTH; i++) begin
      if (column[i]) count = 4'(i + 1);
    end
  end

endmodule
