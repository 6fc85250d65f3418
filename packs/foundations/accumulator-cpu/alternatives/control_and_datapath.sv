// The usual textbook split: a decoder that produces control signals, and a datapath with one adder-subtractor.
module control_unit #(
    parameter int OPCODE_FIRST = 0,
    parameter int OPCODE_STEP  = 1
) (
    input  logic [2:0] opcode,
    input  logic       acc_is_zero,
    output logic       load_acc,
    output logic       use_operand,
    output logic       use_sum,
    output logic       subtract,
    output logic       write_memory,
    output logic       jump,
    output logic       stop
);
    logic [7:0] is;  // one-hot: which instruction
    always_comb begin
        for (int k = 0; k < 8; k++) is[k] = opcode == 3'(OPCODE_FIRST + k * OPCODE_STEP);
    end
    assign use_operand  = is[0];
    assign write_memory = is[2];
    assign use_sum      = is[3] | is[4];
    assign subtract     = is[4];
    assign load_acc     = is[0] | is[1] | is[3] | is[4];
    assign jump         = is[5] | (is[6] & acc_is_zero);
    assign stop         = is[7];
endmodule

module accumulator_cpu #(
    parameter int OPCODE_FIRST = 0,
    parameter int OPCODE_STEP  = 1
) (
    input  logic       clk,
    input  logic       rst,
    output logic [3:0] pc,
    input  logic [6:0] instruction,
    output logic [3:0] acc,
    output logic       halted
);
    wire load_acc, use_operand, use_sum, subtract, write_memory, jump, stop;
    control_unit #(.OPCODE_FIRST(OPCODE_FIRST), .OPCODE_STEP(OPCODE_STEP)) control (
        .opcode(instruction[6:4]), .acc_is_zero(acc == 4'd0),
        .load_acc, .use_operand, .use_sum, .subtract, .write_memory, .jump, .stop
    );

    logic [3:0] word0, word1, word2, word3, word, sum, next_acc, next_pc;
    always_comb begin
        case (instruction[1:0])
            2'd0: word = word0;
            2'd1: word = word1;
            2'd2: word = word2;
            2'd3: word = word3;
        endcase
        sum      = acc + (word ^ {4{subtract}}) + {3'd0, subtract};
        next_acc = use_operand ? instruction[3:0] : use_sum ? sum : word;
        next_pc  = jump ? instruction[3:0] : stop ? pc : pc + 4'd1;
    end

    always_ff @(posedge clk) begin
        if (rst) {pc, acc, halted, word0, word1, word2, word3} <= '0;
        else if (!halted) begin
            pc     <= next_pc;
            halted <= stop;
            if (load_acc) acc <= next_acc;
            if (write_memory && instruction[1:0] == 2'd0) word0 <= acc;
            if (write_memory && instruction[1:0] == 2'd1) word1 <= acc;
            if (write_memory && instruction[1:0] == 2'd2) word2 <= acc;
            if (write_memory && instruction[1:0] == 2'd3) word3 <= acc;
        end
    end
endmodule
