// A table of the six valid codes.
module one_hot_encoder (
  input  logic [5:0] code,
  output logic       none,
  output logic       valid,
  output logic [2:0] index
);

  assign none = code == 6'd0;

  always_comb begin
    valid = 1'b1;
    case (code)
      6'b000001: index = 3'd0;
      6'b000010: index = 3'd1;
      6'b000100: index = 3'd2;
      6'b001000: index = 3'd3;
      6'b010000: index = 3'd4;
      6'b100000: index = 3'd5;
      default: begin
        index = 3'd7;
        valid = 1'b0;
      end
    endcase
  end

endmodule
