// Control (a one-hot step register) and datapath are modules of their own; the addition is a row of AND gates and full adders.
module multiply_control (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic load,
    output logic busy
);
    logic [3:0] step;
    assign busy = |step;
    assign load = start & ~busy;
    always_ff @(posedge clk) step <= rst ? 4'b0000 : load ? 4'b0001 : step << 1;
endmodule

module multiply_row (
    input  logic [3:0] upper,
    input  logic [3:0] multiplicand,
    input  logic       enable,
    output logic [4:0] sum
);
    wire [4:0] carry;
    assign carry[0] = 1'b0;
    for (genvar i = 0; i < 4; i++) begin : gen_full_adder
        wire x = upper[i];
        wire y = multiplicand[i] & enable;
        assign sum[i]     = x ^ y ^ carry[i];
        assign carry[i+1] = (x & y) | (x & carry[i]) | (y & carry[i]);
    end
    assign sum[4] = carry[4];
endmodule

module sequential_multiplier (
    input  logic       clk,
    input  logic       rst,
    input  logic       start,
    input  logic [3:0] a,
    input  logic [3:0] b,
    output logic       busy,
    output logic [7:0] product
);
    wire        load;
    wire  [4:0] sum;
    logic [3:0] operand;

    multiply_control control (.clk, .rst, .start, .load, .busy);
    multiply_row row (.upper(product[7:4]), .multiplicand(operand), .enable(product[0]), .sum);

    always_ff @(posedge clk) begin
        if (load) begin
            operand <= a;
            product <= {4'd0, b};
        end else if (busy) product <= {sum, product[3:1]};
    end
endmodule
