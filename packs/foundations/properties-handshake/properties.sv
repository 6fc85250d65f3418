// A stage between two valid/ready interfaces that loses, invents, changes and reorders nothing. Nothing is checked
// before the first reset or while it is active.
module handshake_properties (
    input logic       clk,
    input logic       rst,
    input logic       in_valid,
    input logic       in_ready,
    input logic [1:0] in_data,
    input logic       out_valid,
    input logic       out_ready,
    input logic [1:0] out_data
);
    logic after_reset = 1'b0;
    always @(posedge clk) if (rst) after_reset <= 1'b1;

    logic checking, accept, deliver;
    assign checking = after_reset && !rst;
    assign accept   = in_valid && in_ready;
    assign deliver  = out_valid && out_ready;

    // A model of what the stage must be holding: up to four words, the oldest in place 0.
    logic [1:0] word0 = 2'd0, word1 = 2'd0, word2 = 2'd0, word3 = 2'd0;
    logic [2:0] count = 3'd0;
    logic [2:0] place;
    assign place = deliver ? count - 3'd1 : count;  // where an accepted word goes

    always @(posedge clk) begin
        if (deliver) begin
            word0 <= word1;
            word1 <= word2;
            word2 <= word3;
        end
        if (accept && place == 3'd0) word0 <= in_data;
        if (accept && place == 3'd1) word1 <= in_data;
        if (accept && place == 3'd2) word2 <= in_data;
        if (accept && place == 3'd3) word3 <= in_data;
        count <= rst ? 3'd0 : count + 3'(accept) - 3'(deliver);
    end

    logic was_stalled = 1'b0;  // a word was offered in the previous cycle and not taken
    logic was_hidden  = 1'b0;  // there was a word in the previous cycle, but it was not offered
    always @(posedge clk) begin
        was_stalled <= !rst && out_valid && !out_ready;
        was_hidden  <= !rst && count != 3'd0 && !out_valid;
    end

    always_comb begin
        if (checking) begin
            nothing_invented: assert (!out_valid || count != 3'd0);
            oldest_word_unchanged: assert (!out_valid || out_data == word0);
            offer_not_withdrawn: assert (!was_stalled || out_valid);
            nothing_withheld: assert (!(was_hidden && count != 3'd0 && !out_valid));
            accepts_when_empty: assert (count != 3'd0 || in_ready);
            at_most_four_words: assert (!(count == 3'd4 && accept && !deliver));
        end
    end
endmodule
