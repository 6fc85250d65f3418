from pathlib import Path

import pytest

from chiploom.tasks.load import builtin_pack_directory
from chiploom.tasks.mutate import mutants
from chiploom.tasks.syntax import Parsed

COUNTER = """module counter(input clk, input reset, input en, input up, output reg [3:0] q);
  reg [3:0] last;
  always @(posedge clk) begin
    if (reset) begin q <= 4'd0; last <= 4'd0; end
    else if (en) q <= up ? q + 1 : q - 4'd1;
  end
endmodule
"""

FAULTS = [
    ("operator", "assign y = a & b;", "assign y = a | b;"),
    ("operator", "assign y = a == b;", "assign y = a != b;"),
    ("operator", "assign y = a < b;", "assign y = a <= b;"),
    ("operator", "assign y = &a;", "assign y = |a;"),
    ("swapped-operands", "assign y = a - b;", "assign y = b - a;"),
    ("swapped-operands", "assign y = {a, b};", "assign y = {b, a};"),
    ("dropped-inversion", "assign y = ~a;", "assign y = a;"),
    ("constant", "assign y = a + 4'hf;", "assign y = a + 4'd0;"),
    ("constant", "assign y = a + 3;", "assign y = a + 4;"),
    ("constant", "assign y = '0;", "assign y = '1;"),
    ("bit-select", "assign y = a[1];", "assign y = a[2];"),
    ("bit-select", "assign y = a[2:1];", "assign y = a[3:1];"),
    ("swapped-arms", "assign y = c ? a : b;", "assign y = c ? b : a;"),
    ("swapped-inputs", "assign y = a + (b << 1);", "assign y = b + (a << 1);"),
    ("inverted", "assign y = a + b;", "assign y = ~(a + b);"),
    ("stuck", "assign y = a + b;", "assign y = '0;"),
    ("edge", "always @(posedge clk) y <= a;", "always @(negedge clk) y <= a;"),
    ("dropped-edge", "always @(posedge clk or negedge c) y <= a;", "always @(posedge clk) y <= a;"),
    ("sensitivity", "always @(*) y = a;", "always @(a) y = a;"),
    ("sensitivity", "always @* y = a;", "always @(a) y = a;"),
    ("polarity", "always @(posedge clk) if (reset) y <= 0;", "always @(posedge clk) if (!(reset)) y <= 0;"),
    ("dropped-reset", "always @(posedge clk) if (reset) y <= 0; else y <= a;", "always @(posedge clk) y <= a;"),
    (
        "reset-style",
        "always @(posedge clk) if (reset) y <= 0; else y <= a;",
        "always @(posedge clk or posedge reset) if (reset) y <= 0; else y <= a;",
    ),
    ("negated-condition", "always @(posedge clk) if (c) y <= a;", "always @(posedge clk) if (!(c)) y <= a;"),
    ("dropped-else", "always @(*) if (c) y = a; else y = b;", "always @(*) if (c) y = a; "),
    ("swapped-arms", "always @(*) if (c) y = a; else y = b;", "always @(*) if (c) y = b; else y = a;"),
    (
        "dropped-default",
        "always @(*) case (a) 0: y = 1; default: y = b; endcase",
        "always @(*) case (a) 0: y = 1;  endcase",
    ),
    ("dropped-arm", "always @(*) case (a) 0: y = 1; 1: y = b; endcase", "always @(*) case (a)  1: y = b; endcase"),
    ("blocking", "always @(posedge clk) begin y <= a; r <= y; end", "always @(posedge clk) begin y = a; r = y; end"),
    ("narrowed", "reg [7:0] w; assign y = a;", "reg [6:0] w; assign y = a;"),
    ("dropped-initial", "initial y = 1;", ""),
    ("dropped-initial", "reg w = 1;", "reg w ;"),
]


def wrapped(body: str) -> str:
    ports = "input clk, input reset, input c, input [3:0] a, input [3:0] b, output reg [3:0] y"
    return f"module m({ports});\n  reg [3:0] r;\n  {body}\nendmodule\n"


@pytest.mark.parametrize(("kind", "right", "wrong"), FAULTS)
def test_each_kind_of_fault_is_planted(kind: str, right: str, wrong: str) -> None:
    found = [(mutant.kind, "".join(mutant.text.split())) for mutant in mutants(wrapped(right))]
    assert (kind, "".join(wrapped(wrong).split())) in found


def test_the_line_is_the_first_that_differs() -> None:
    for mutant in mutants(COUNTER):
        pairs = list(zip(COUNTER.splitlines(), [*mutant.text.splitlines(), *[""] * 20], strict=False))
        differing = next(number for number, (old, new) in enumerate(pairs, start=1) if old != new)
        assert mutant.line == differing


def test_mutants_are_distinct_and_differ_from_the_original() -> None:
    texts = ["".join(mutant.text.split()) for mutant in mutants(COUNTER)]
    assert len(set(texts)) == len(texts) >= 25
    assert "".join(COUNTER.split()) not in texts


def test_a_limit_is_spread_over_the_kinds_and_repeatable() -> None:
    few = mutants(COUNTER, limit=8)
    assert few == mutants(COUNTER, limit=8)
    assert len(few) == 8
    assert len({mutant.kind for mutant in few}) == 8
    assert few != mutants(COUNTER, limit=8, seed=1)
    assert set(mutants(COUNTER, limit=8)) <= set(mutants(COUNTER))
    assert mutants(COUNTER, limit=0) == ()


def test_widths_are_left_alone() -> None:
    text = "module m #(parameter W = 4)(input [W-1:0] a, output [7:0] y); wire [W+1:0] t; assign y = W'(a); endmodule"
    for mutant in mutants(text):
        assert "[W-1:0] a" in mutant.text
        assert "[7:0] y" in mutant.text
        assert "[W+1:0] t" in mutant.text


def test_a_text_with_errors_has_no_mutants() -> None:
    assert mutants("module m(; endmodule") == ()


@pytest.mark.parametrize("path", sorted(builtin_pack_directory().glob("*/reference.sv")), ids=lambda p: p.parent.name)
def test_mutants_of_the_built_in_references_can_be_parsed(path: Path) -> None:
    found = mutants(path.read_text(encoding="utf-8"), limit=25)
    assert len(found) >= 2
    for mutant in found:
        assert not Parsed(mutant.text).has_errors, mutant
