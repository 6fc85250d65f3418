// A matrix of who goes before whom; a winner goes behind everybody else.
module fair_arbiter (
    input  logic       clk,
    input  logic       rst,
    input  logic [3:0] req,
    output logic [3:0] grant
);
    // ahead[j][i], for i < j: requester i goes before requester j.
    logic [3:0][3:0] ahead, goes_first;

    always_comb begin
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) goes_first[j][i] = (i < j) ? ahead[j][i] : (i == j) ? 1'b0 : ~ahead[i][j];
        for (int j = 0; j < 4; j++) grant[j] = req[j] & ~|(req & goes_first[j]);
    end

    always_ff @(posedge clk) begin
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < j; i++) begin
                if (rst) ahead[j][i] <= 1'b1;
                else if (grant[i]) ahead[j][i] <= 1'b0;
                else if (grant[j]) ahead[j][i] <= 1'b1;
            end
    end
endmodule
