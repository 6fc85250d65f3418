// Misconception: JZ jumps when the addressed memory word is zero instead of the accumulator.
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
    logic [3:0] memory [4];
    wire  [1:0] address = instruction[1:0];
    wire  [3:0] operand = instruction[3:0];
    always_ff @(posedge clk) begin
        if (rst) begin
            {pc, acc, halted} <= '0;
            for (int i = 0; i < 4; i++) memory[i] <= 4'd0;
        end else if (!halted) begin
            pc <= pc + 4'd1;
            case (instruction[6:4])
                3'(OPCODE_FIRST):                   acc <= operand;
                3'(OPCODE_FIRST + 1 * OPCODE_STEP): acc <= memory[address];
                3'(OPCODE_FIRST + 2 * OPCODE_STEP): memory[address] <= acc;
                3'(OPCODE_FIRST + 3 * OPCODE_STEP): acc <= acc + memory[address];
                3'(OPCODE_FIRST + 4 * OPCODE_STEP): acc <= acc - memory[address];
                3'(OPCODE_FIRST + 5 * OPCODE_STEP): pc <= operand;
                3'(OPCODE_FIRST + 6 * OPCODE_STEP): if (memory[address] == 4'd0) pc <= operand;
                default: begin
                    halted <= 1'b1;
                    pc     <= pc;
                end
            endcase
        end
    end
endmodule
