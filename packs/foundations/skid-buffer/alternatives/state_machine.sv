// States instead of valid bits, registered handshake outputs, next state and data separated.
module skid_buffer (
    input  logic       clk,
    input  logic       rst,
    input  logic       in_valid,
    output logic       in_ready,
    input  logic [3:0] in_data,
    output logic       out_valid,
    input  logic       out_ready,
    output logic [3:0] out_data
);
    typedef enum logic [2:0] {EMPTY = 3'b001, ONE = 3'b010, TWO = 3'b100} state_t;
    state_t     state, next;
    logic [3:0] waiting;
    wire        accept  = in_valid & in_ready;
    wire        deliver = out_valid & out_ready;

    always_comb begin
        next = state;
        unique case (state)
            EMPTY:   if (accept) next = ONE;
            ONE:     if (accept && !deliver) next = TWO;
                     else if (deliver && !accept) next = EMPTY;
            default: if (deliver) next = ONE;
        endcase
        if (rst) next = EMPTY;
    end

    always_ff @(posedge clk) begin
        state     <= next;
        in_ready  <= next != TWO;
        out_valid <= next != EMPTY;
        if (state == TWO) begin
            if (deliver) out_data <= waiting;
        end else if (state == EMPTY || deliver) out_data <= in_data;
        else if (accept) waiting <= in_data;
    end
endmodule
