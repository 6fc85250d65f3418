// One flag for each beginning of the pattern that the latest bits match; several may be up at once.
module sequence_detector #(
    parameter int PATTERN = 54
) (
    input  logic clk,
    input  logic rst,
    input  logic bit_in,
    output logic found
);

  localparam logic [5:0] BITS = 6'(PATTERN);

  logic [6:1] seen;
  logic [5:0] seen_before;

  assign seen_before = {seen[5:1], 1'b1};

  for (genvar i = 0; i < 6; i++) begin : g_flag
    always_ff @(posedge clk) begin
      if (rst) seen[i+1] <= 1'b0;
      else seen[i+1] <= seen_before[i] && bit_in == BITS[5-i];
    end
  end

  assign found = seen[6];

endmodule
