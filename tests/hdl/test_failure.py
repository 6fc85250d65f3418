import pytest

from chiploom.hdl.failure import yosys_failure_diagnostics
from chiploom.hdl.sources import Source

from .reading import read


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("input c, d, output reg q);\nalways @(posedge c or posedge d)\nq <= 1;", "asynchronous-form", 2),
        ("input c, d, output reg q);\nalways @(posedge c)\nbegin q = 1; q <= d; end", "mixed-assignments", 3),
        ("input [3:0] a, output reg y);\nalways @*\nwhile (1) y = a;", "loop-too-long", 3),
        ("input a, output logic y);\nalways_ff @*\ny = a;", "register-without-edge", 2),
        (
            "input c, r, output reg q);\nalways @(posedge c, posedge r)\nif (!r) q <= 0; else q <= 1;",
            "asynchronous-polarity",
            3,
        ),
        ("input c, d, output reg q);\nalways @(edge c) q <= d;", "both-edges", 2),
    ],
)  # fmt: skip
def test_what_only_elaboration_finds_is_said_in_our_words(text: str, code: str, line: int) -> None:
    text = f"module t({text}\nendmodule"
    outcome = read(text)
    assert outcome.died
    found = outcome.one(f"hdl.{code}")
    assert found.severity == "error" and found.file == "design.sv"
    assert abs(found.line - line) <= 1
    assert found.excerpt.split("\n")[0] == text.split("\n")[found.line - 1]


def test_places_in_included_files_are_found_again() -> None:
    log = "../tmp/chiploom-abc/f0.sv:4: ERROR: unroll limit of 4000 exhausted [--unroll-limit=]\n  q = 1;\n  ^~~\n"
    sources = [Source("t.sv", 'module t;\n`include "b.vh"\nendmodule\n'), Source("b.vh", "\n  q = 1;\n")]
    (found,) = yosys_failure_diagnostics(log, sources)
    # Line 1 is the module's head, line 2 what is before the directive, lines 3 and 4 the included file.
    assert (found.code, found.file, found.line) == ("hdl.loop-too-long", "b.vh", 2)


@pytest.mark.parametrize("log", ["", "killed", "1. Executing SLANG frontend.\n", "\x00\xff ERROR"])
def test_no_error_in_the_log_gives_no_diagnostics(log: str) -> None:
    assert yosys_failure_diagnostics(log, [Source("a.sv", "module t; endmodule")]) == ()


def test_an_error_without_a_place_is_still_an_error() -> None:
    log = 'ERROR: Assert `false && "unreachable"\' failed in /project/frontends/slang/lib/src/slang_frontend.cc:3247.\n'
    (found,) = yosys_failure_diagnostics(log, [Source("a.sv", "module t; endmodule")])
    assert found.code == "hdl.not-synthesisable"
    assert "/project" not in found.message


def test_only_the_summary_is_an_error_too() -> None:
    log = "ERROR: Design elaboration failed; see full log for details\n"
    (found,) = yosys_failure_diagnostics(log, [Source("a.sv", "module t; endmodule")])
    assert found.code == "hdl.not-synthesisable"


def test_a_forged_place_is_harmless() -> None:
    log = "f99.sv:1: ERROR: x\nf0.sv:99999999: ERROR: unroll limit of\n/etc/f0.sv:0: ERROR: y /tmp/chiploom-x/f0.sv\n"
    for found in yosys_failure_diagnostics(log, [Source("a.sv", "module t; endmodule")]):
        assert found.file in ("", "a.sv")
        assert "/tmp" not in found.message
