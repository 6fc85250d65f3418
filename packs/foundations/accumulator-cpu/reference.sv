// Accumulator machine: eight instructions, one per clock cycle, four data words, program memory outside.
module accumulator_cpu #(
    parameter int OPCODE_FIRST = 0,  // instruction k has the opcode (OPCODE_FIRST + k * OPCODE_STEP) mod 8
    parameter int OPCODE_STEP  = 1
) (
    input  logic       clk,
    input  logic       rst,
    output logic [3:0] pc,
    input  logic [6:0] instruction,
    output logic [3:0] acc,
    output logic       halted
);
    localparam logic [2:0] LDI = 3'(OPCODE_FIRST);
    localparam logic [2:0] LDA = 3'(OPCODE_FIRST + 1 * OPCODE_STEP);
    localparam logic [2:0] STA = 3'(OPCODE_FIRST + 2 * OPCODE_STEP);
    localparam logic [2:0] ADD = 3'(OPCODE_FIRST + 3 * OPCODE_STEP);
    localparam logic [2:0] SUB = 3'(OPCODE_FIRST + 4 * OPCODE_STEP);
    localparam logic [2:0] JMP = 3'(OPCODE_FIRST + 5 * OPCODE_STEP);
    localparam logic [2:0] JZ  = 3'(OPCODE_FIRST + 6 * OPCODE_STEP);
    localparam logic [2:0] HLT = 3'(OPCODE_FIRST + 7 * OPCODE_STEP);

    logic [3:0] memory [4];

    logic [2:0] opcode;
    logic [3:0] operand;
    logic [1:0] address;
    assign {opcode, operand} = instruction;
    assign address           = operand[1:0];

    always_ff @(posedge clk) begin
        if (rst) begin
            pc     <= 4'd0;
            acc    <= 4'd0;
            halted <= 1'b0;
            for (int i = 0; i < 4; i++) memory[i] <= 4'd0;
        end else if (!halted) begin
            pc <= pc + 4'd1;
            case (opcode)
                LDI: acc <= operand;
                LDA: acc <= memory[address];
                STA: memory[address] <= acc;
                ADD: acc <= acc + memory[address];
                SUB: acc <= acc - memory[address];
                JMP: pc <= operand;
                JZ:  if (acc == 4'd0) pc <= operand;
                HLT: begin
                    halted <= 1'b1;
                    pc     <= pc;
                end
                default: ;
            endcase
        end
    end
endmodule
