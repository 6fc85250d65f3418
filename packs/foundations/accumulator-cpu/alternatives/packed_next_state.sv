// All state in one packed structure, the next state computed by a function, the opcode translated to a fixed numbering first.
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
    typedef struct packed {
        logic            halted;
        logic [3:0]      pc;
        logic [3:0]      acc;
        logic [3:0][3:0] words;
    } state_t;
    state_t state, next;

    // An odd step is its own inverse modulo 8, so this undoes the numbering of the opcodes.
    wire [2:0] number = 3'((instruction[6:4] - 3'(OPCODE_FIRST)) * 3'(OPCODE_STEP));
    wire [3:0] n      = instruction[3:0];

    always_comb begin
        next = state;
        if (!state.halted) begin
            next.halted = number == 3'd7;
            if (number == 3'd5 || (number == 3'd6 && state.acc == 4'd0)) next.pc = n;
            else if (number != 3'd7) next.pc = state.pc + 4'd1;
            unique case (number)
                3'd0:    next.acc = n;
                3'd1:    next.acc = state.words[n[1:0]];
                3'd2:    next.words[n[1:0]] = state.acc;
                3'd3:    next.acc = state.acc + state.words[n[1:0]];
                3'd4:    next.acc = state.acc - state.words[n[1:0]];
                default: ;
            endcase
        end
        if (rst) next = '0;
    end

    always_ff @(posedge clk) state <= next;
    assign {halted, pc, acc} = {state.halted, state.pc, state.acc};
endmodule
