// Control and one subtraction row as modules; the borrow of the subtraction decides instead of a comparison.
module divide_row (
    input  logic [4:0] trial,
    input  logic [3:0] divisor,
    output logic       fits,
    output logic [3:0] rest
);
    wire [5:0] borrow;
    wire [4:0] difference;
    wire [4:0] subtrahend = {1'b0, divisor};
    assign borrow[0] = 1'b0;
    for (genvar i = 0; i < 5; i++) begin : gen_full_subtractor
        assign difference[i] = trial[i] ^ subtrahend[i] ^ borrow[i];
        assign borrow[i+1]   = (~trial[i] & (subtrahend[i] | borrow[i])) | (subtrahend[i] & borrow[i]);
    end
    assign fits = ~borrow[5];
    assign rest = borrow[5] ? trial[3:0] : difference[3:0];
endmodule

module sequential_divider (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] dividend,
    input  logic [3:0] divisor,
    output logic       busy,
    output logic [3:0] quotient,
    output logic [3:0] remainder
);
    logic [3:0] step;  // one-hot
    logic [3:0] stored_divisor;
    wire        fits;
    wire  [3:0] rest;

    divide_row row (.trial({remainder, quotient[3]}), .divisor(stored_divisor), .fits, .rest);

    assign busy = |step;
    always_ff @(posedge clk) begin
        step <= step << 1;
        if (busy) {remainder, quotient} <= {rest, quotient[2:0], fits};
        else if (start) begin
            step           <= 4'b0001;
            stored_divisor <= divisor;
            {remainder, quotient} <= {4'd0, dividend};
        end
        if (rst) step <= 4'b0000;
    end
endmodule
