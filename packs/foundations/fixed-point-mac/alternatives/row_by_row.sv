// The product is summed from shifted rows; overflow is recognised by looking at the bits that should all equal the sign.
module saturate #(
    parameter int FROM = 10,
    parameter int TO   = 9
) (
    input  logic [FROM-1:0] wide,
    output logic [TO-1:0]   narrow
);
    wire         sign     = wide[FROM-1];
    wire [FROM-TO:0] upper = wide[FROM-1:TO-1];
    wire         fits     = (&upper) | ~(|upper);
    assign narrow = fits ? wide[TO-1:0] : {sign, {(TO-1){~sign}}};
endmodule

module fixed_point_mac #(
    parameter int WIDTH    = 4,
    parameter int FRACTION = 2,
    parameter int GUARD    = 1,
    parameter int ROUND    = 1
) (
    input  logic                    clk,
    input  logic                    rst,
    input  logic                    en,
    input  logic                    first,
    input  logic signed [WIDTH-1:0] a,
    input  logic signed [WIDTH-1:0] b,
    output logic signed [WIDTH-1:0] result
);
    localparam int A = 2 * WIDTH + GUARD;
    logic [A-1:0] accumulator, clamped;
    logic [A:0]   sum, row;

    // The top bit of b has negative weight: its row is subtracted.
    always_comb begin
        sum = first ? '0 : {accumulator[A-1], accumulator};
        for (int i = 0; i < WIDTH; i++) begin
            row = {{(A+1-WIDTH){a[WIDTH-1]}}, a} << i;
            if (b[i]) sum = (i == WIDTH - 1) ? sum - row : sum + row;
        end
    end
    saturate #(.FROM(A + 1), .TO(A)) clamp_sum (.wide(sum), .narrow(clamped));

    always_ff @(posedge clk) if (rst | en) accumulator <= rst ? '0 : clamped;

    // Rounding adds the highest bit that is cut off.
    wire [A-FRACTION:0] cut     = {accumulator[A-1], accumulator[A-1:FRACTION]};
    wire [A-FRACTION:0] rounded = cut + {{(A-FRACTION){1'b0}}, (ROUND != 0) & accumulator[FRACTION-1]};
    saturate #(.FROM(A - FRACTION + 1), .TO(WIDTH)) clamp_result (.wide(rounded), .narrow(result));
endmodule
