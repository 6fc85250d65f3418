// The four parity bits together are the XOR of the numbers of all data positions that hold a 1.
module hamming_encoder (
  input  logic [7:0]  data,
  output logic [11:0] code
);

  logic [12:1] word;
  logic [3:0]  check;

  always_comb begin
    word = {data[7:4], 1'b0, data[3:1], 1'b0, data[0], 2'b00};
    check = 4'd0;
    for (int position = 1; position <= 12; position++) begin
      if (word[position]) check = check ^ 4'(position);
    end
    word[1] = check[0];
    word[2] = check[1];
    word[4] = check[2];
    word[8] = check[3];
  end

  assign code = word;

endmodule
