module accumulator_cpu (
    input  logic       clk,
    input  logic       rst,
    output logic [3:0] pc,
    input  logic [6:0] instruction,
    output logic [3:0] acc,
    output logic       halted
);
    localparam logic [2:0] LDI = 3'd${(OPCODE_FIRST) % 8};
    localparam logic [2:0] LDA = 3'd${(OPCODE_FIRST + OPCODE_STEP) % 8};
    localparam logic [2:0] STA = 3'd${(OPCODE_FIRST + 2 * OPCODE_STEP) % 8};
    localparam logic [2:0] ADD = 3'd${(OPCODE_FIRST + 3 * OPCODE_STEP) % 8};
    localparam logic [2:0] SUB = 3'd${(OPCODE_FIRST + 4 * OPCODE_STEP) % 8};
    localparam logic [2:0] JMP = 3'd${(OPCODE_FIRST + 5 * OPCODE_STEP) % 8};
    localparam logic [2:0] JZ  = 3'd${(OPCODE_FIRST + 6 * OPCODE_STEP) % 8};
    localparam logic [2:0] HLT = 3'd${(OPCODE_FIRST + 7 * OPCODE_STEP) % 8};

    logic [3:0] memory [4];

    always_ff @(posedge clk) begin
        if (rst) begin
            pc     <= 4'd0;
            acc    <= 4'd0;
            halted <= 1'b0;
            for (int i = 0; i < 4; i++) memory[i] <= 4'd0;
        end else if (!halted) begin
            pc <= pc + 4'd1;
            case (instruction[6:4])
                LDI: acc <= instruction[3:0];
                // TODO: seven more instructions
                default: ;
            endcase
        end
    end
endmodule
