"""The red-team list, graded for real: in the box, by the pool, against a reference the cheat does not meet.

Whatever is handed in, the answer is never ``proved``, it comes within the limit, and the next submission is graded as
if nothing had happened.
"""

# ruff: noqa: E501 - designs on one line each

import random
import time
from collections.abc import Iterator

import pytest

from chiploom.errors import ChiploomError
from chiploom.grading.job import Comparison, Job
from chiploom.grading.pool import Pool
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits, Outcome, Verdict

REFERENCE = Source(
    "reference.sv",
    """module top_module(input clk, input rst, input [3:0] d, output reg [3:0] q, output p);
  always @(posedge clk) if (rst) q <= 0; else q <= q + d;
  assign p = ^d;
endmodule
""",
)
LIMITS = Limits(time_s=4.0, memory_mb=1024)
TASK = Comparison(reference=(REFERENCE,), limits=LIMITS, top="top_module")
RIGHT = REFERENCE.text.replace("q + d", "d + q")
PORTS = "(input clk, input rst, input [3:0] d, output reg [3:0] q, output p)"


def design(body: str, before: str = "", after: str = "") -> str:
    """Return a design whose ``q`` and ``p`` are as ``body`` says."""
    return f"{before}module top_module{PORTS};\n{body}\nendmodule\n{after}"


CHEATS = {
    "1 upward reference": design("assign p = tb.r.p; always_comb q = $root.top_module.q;"),
    "1 reference's module by name": design("assign p = reference.p; always_comb q = RefModule.q;"),
    "2 force": design("assign p = 0; always @(posedge clk) q <= 0; initial force tb.error = 0;"),
    "2 release": design("assign p = 0; always @(posedge clk) begin q <= 0; release q; end"),
    "3 instantiating the reference": design("RefModule r(.*);"),
    "3 instantiating itself": design("top_module r(.*);"),
    "4 printing the pass line": design(
        'assign p = 0; always @(posedge clk) q <= 0;\ninitial begin $display("Mismatches: 0 in 100 samples"); $finish; end'
    ),
    "4 forging our answer": design(
        'assign p = 0; always @(posedge clk) q <= 0;\ninitial $display("{\\"outcome\\":\\"proved\\"}");'
    ),
    "5 stop and fatal": design("assign p = 0; always @(posedge clk) q <= 0; initial $stop; initial $fatal(0);"),
    "5 elaboration-time finish": design('assign p = 0; always @(posedge clk) q <= 0;\n$fatal(0, "over");'),
    "6 redefining a cell": design("assign p = 0; always @(posedge clk) q <= 0;", after="module \\$dff (); endmodule\n"),
    "6 defining the reference": design(
        "assign p = 0; always @(posedge clk) q <= 0;", after=f"module reference{PORTS}; endmodule\n"
    ),
    "7 extra tops": design(
        "assign p = 0; always @(posedge clk) q <= 0;", after="module tb; endmodule\nmodule z; endmodule\n"
    ),
    "8 bind": design(
        "assign p = 0; always @(posedge clk) q <= 0;", after="module b; endmodule\nbind top_module b i();\n"
    ),
    "8 defparam": design("assign p = 0; always @(posedge clk) q <= 0; defparam tb.r.N = 0;"),
    "8 config": design("assign p = 0; always @(posedge clk) q <= 0;", after="config c; design top_module; endconfig\n"),
    "9 guard macro": "`define reference\n`define SYNTHESIS\n" + design("assign p = 0; always @(posedge clk) q <= 0;"),
    "9 unclosed comment": design("assign p = 0; always @(posedge clk) q <= 0;", after="/* "),
    "9 unclosed ifdef": design("assign p = 0; always @(posedge clk) q <= 0;", after="`ifdef X\n"),
    "9 default nettype": "`default_nettype none\n`timescale 1fs/1fs\n"
    + design("assign p = 0; always @(posedge clk) q <= 0;"),
    "10 unknown outputs": design("assign p = 1'bx; always @(posedge clk) q <= 4'bx;"),
    "10 floating outputs": design("assign p = 1'bz; always_comb q = 4'bz;"),
    "10 nothing driven": design(""),
    "11 reading files": design(
        'reg [7:0] m [0:99]; initial $readmemh("/etc/passwd", m); assign p = m[d]; always @(posedge clk) q <= m[d];'
    ),
    "11 opening files": design(
        'integer f; initial f = $fopen("/etc/passwd", "r"); assign p = f; always @(posedge clk) q <= $fgetc(f);'
    ),
    "12 writing files": design(
        'assign p = 0; always @(posedge clk) q <= 0; initial begin $dumpfile("/tmp/planted"); $dumpvars; end'
    ),
    "13 include": '`include "/etc/passwd"\n' + design("assign p = 0; always @(posedge clk) q <= 0;"),
    "13 include of the reference": '`include "reference.sv"\n',
    "14 DPI": design(
        'import "DPI-C" function int system(string s); assign p = system("touch /tmp/planted"); always @(posedge clk) q <= 0;'
    ),
    "14 system": design('assign p = 0; always @(posedge clk) q <= 0; initial $system("touch /tmp/planted");'),
    "14 c": design('assign p = $c("1"); always @(posedge clk) q <= 0;'),
    "16 zero-delay loop": design("assign p = ~p; always_comb q = q + 1;"),
    "16 endless loop": design("assign p = 0; always_comb begin q = 0; while (1) q = q + 1; end"),
    "16 endless generate": design(
        "assign p = 0; genvar i; generate for (i = 0; i < 1; i = i + 0) begin wire w; end endgenerate"
    ),
    "16 huge generate": design(
        "assign p = 0; genvar i; for (i = 0; i < 100000000; i = i + 1) begin wire w = d[0]; end"
    ),
    "16 huge memory": design("reg [31:0] m [0:2000000000]; always @(posedge clk) m[d] <= d; assign p = m[0][0];"),
    "16 huge vector": design("wire [2000000000:0] w = d; assign p = ^w;"),
    "16 huge product": design("wire [4095:0] w = {1024{d}} * {1024{q}}; assign p = ^w; always @(posedge clk) q <= d;"),
    "16 recursion": design("r #(0) i();", after="module r #(parameter N = 0) (); r #(N + 1) i(); endmodule\n"),
    "16 exponential recursion": design(
        "r #(40) i(p);",
        after="module r #(parameter N = 0) (output y); generate if (N > 0) begin wire a, b; r #(N-1) i(a); r #(N-1) j(b); "
        "assign y = a ^ b; end endgenerate endmodule\n",
    ),
    "16 recursive function": design(
        "function automatic integer f(integer n); f = f(n + 1) + 1; endfunction assign p = f(0); localparam X = f(0);"
    ),
    "16 150 MB of display": design(
        "assign p = 0; always @(posedge clk) q <= 0; genvar i; "
        'for (i = 0; i < 19000; i = i + 1) begin $warning("' + "x" * 8000 + '"); end'
    ),
    "16 deep expression": design("assign p = " + "(" * 20_000 + "1" + ")" * 20_000 + ";"),
    "16 long chain": design("assign p = " + " + ".join(["d"] * 50_000) + ";"),
    "16 deep nesting": design("always_comb " + "if (d) " * 20_000 + "q = 0;"),
    "16 macro bomb": "".join(f"`define m{n} `m{n - 1} `m{n - 1}\n" for n in range(40, 0, -1))
    + "`define m0 x\n"
    + design("assign p = 0; wire `m40 ;"),
    "16 many modules": design("") + "".join(f"module m{n}; endmodule\n" for n in range(20_000)),
    "17 canned by time": design("assign p = $time > 100; always @(posedge clk) q <= $time;"),
    "17 random": design("assign p = $random; always @(posedge clk) q <= $urandom;"),
    "17 plusargs": design('assign p = $test$plusargs("x"); always @(posedge clk) q <= 0;'),
    "18 for simulators only": design(
        "`ifdef VERILATOR\nassign p = ^d;\n`elsif SYNTHESIS\nassign p = ^d;\n`elsif YOSYS\nassign p = ^d;\n`else\nassign p = 0;\n"
        "`endif\nalways @(posedge clk) if (rst) q <= 0; else q <= q + d;"
    ),
    "18 translate_off": design(
        "// synthesis translate_off\nassign p = 0;\n// synthesis translate_on\nalways @(posedge clk) if (rst) q <= 0; else q <= q + d;"
    ),
    "19 two drivers": design("assign p = ^d; assign p = 0; always @(posedge clk) if (rst) q <= 0; else q <= q + d;"),
    "19 latch": design("assign p = ^d; always @* if (clk) q = d;"),
    "20 delays": design("assign #3 p = ^d; always begin #5 q = 0; end"),
    "20 real": design("real x; always @(posedge clk) begin x = x + 0.1; q <= x; end assign p = ^d;"),
    "20 initial as logic": design(
        "reg r; initial r = 1; assign p = r; initial q = 0; always @(posedge clk) q <= q + d;"
    ),
    "21 black box": "(* blackbox *) module box" + PORTS + "; endmodule\n" + design("box b(.*);"),
    "21 keep": design("(* keep *) wire w = 0; assign p = w; always @(posedge clk) q <= 0;"),
    "23 lint_off": design(
        "/* verilator lint_off */ assign p = 0; // pragma coverage off\nalways @(posedge clk) q <= 0;"
    ),
    "25 assume": design("assign p = 0; always @(posedge clk) begin q <= 0; assume (0); end"),
    "25 assert": design("assign p = 0; always @(posedge clk) begin q <= 0; assert (1); end"),
    "27 yosys script": "read_verilog /etc/passwd\nexec -- touch /tmp/planted\n",
    "27 yosys escape in a name": design(
        "wire \\x;exec_--_touch_/tmp/planted; = 1; assign p = \\x;exec_--_touch_/tmp/planted; ;"
    ),
    "27 tcl": "package require Tcl\nexec touch /tmp/planted\n",
    "32 control characters": design("assign \x1b[31mp = 0; // \u202e\u0000"),
    "empty module": "module top_module; endmodule\n",
    "wrong top": "module other(input a, output b); assign b = a; endmodule\n",
    "nothing but a comment": "// nothing\n",
    "constant": design("assign p = 0; always @(posedge clk) q <= 0;"),
    "inverted clock": design("assign p = ^d; always @(negedge clk) if (rst) q <= 0; else q <= q + d;"),
    "asynchronous reset": design(
        "assign p = ^d; always @(posedge clk or posedge rst) if (rst) q <= 0; else q <= q + d;"
    ),
    "relies on its initial value": design(
        "assign p = ^d; reg s; initial s = 0; always @(posedge clk) begin s <= s & 1; if (rst) q <= 0; else q <= q + d + s; end"
    ),
    "wrong after a thousand cycles": design(
        "assign p = ^d; reg [9:0] n; always @(posedge clk) begin n <= rst ? 0 : n + 1; "
        "if (rst) q <= 0; else q <= q + d + (&n); end"
    ),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(2) as pool:
        yield pool


def graded(pool: Pool, *texts: str) -> Verdict | ChiploomError:
    sources = tuple(Source(f"submission{number}.sv", text) for number, text in enumerate(texts))
    ((_, result),) = pool.results([Job(TASK, sources)])
    return result


@pytest.mark.parametrize("cheat", CHEATS)
def test_cheat_does_not_pass(pool: Pool, cheat: str) -> None:
    started = time.monotonic()
    result = graded(pool, CHEATS[cheat])
    assert time.monotonic() - started < 60
    if isinstance(result, ChiploomError):
        assert result.code == "unknown-top"
    else:
        assert result.outcome is not Outcome.PROVED
        assert result.limit_hit not in ("crash", "replay"), result.reason
        told = str(result.as_json())
        assert "root:" not in told, "contents of a file of this machine"
        assert "/scratch" not in told, "a path of the box"
    right = graded(pool, RIGHT)
    assert isinstance(right, Verdict)
    assert right.outcome is Outcome.PROVED


#: These must be told as what they are; a limit reached would say nothing about the design.
PLAINLY_WRONG = {
    "10 unknown outputs", "10 nothing driven", "constant", "inverted clock", "asynchronous reset", "19 latch",
    "relies on its initial value", "18 for simulators only", "23 lint_off",
}  # fmt: skip


@pytest.mark.parametrize("cheat", sorted(PLAINLY_WRONG))
def test_wrong_design_is_refuted_or_rejected(pool: Pool, cheat: str) -> None:
    result = graded(pool, CHEATS[cheat])
    assert isinstance(result, Verdict)
    assert result.outcome in (Outcome.REFUTED, Outcome.REJECTED)


def test_file_names_that_read_as_options_are_only_names(pool: Pool) -> None:
    for name in ("--help", "-o", "-p exec", "a b.sv", "../../../etc/passwd", "f0.sv", "$(touch planted).sv", "\n.sv"):
        ((_, result),) = pool.results([Job(TASK, (Source(name, RIGHT),))])
        assert isinstance(result, Verdict)
        assert result.outcome is Outcome.PROVED, name


def test_damaged_texts_never_harm_the_pool(pool: Pool) -> None:
    """Cut, spliced and flipped texts of the list above: any verdict will do, but for a crash or a false proof."""
    generator = random.Random(20261122)
    texts = [text for text in CHEATS.values() if len(text) < 5000]

    def damaged() -> str:
        text = generator.choice(texts)
        other = generator.choice(texts)
        for _ in range(generator.randint(1, 3)):
            at = generator.randrange(len(text) + 1)
            match generator.randrange(4):
                case 0:
                    text = text[:at]
                case 1:
                    text = text[:at] + chr(generator.randrange(1, 0x2FF)) + text[at + 1 :]
                case 2:
                    text = text[:at] + other[generator.randrange(len(other)) :]
                case _:
                    text = text[:at] + text[at : at + 40] * generator.randint(2, 30) + text[at:]
        return text

    jobs = [Job(TASK, (Source("s.sv", damaged()),)) for _ in range(150)]
    for index, result in pool.results(jobs):
        if isinstance(result, Verdict):
            text = jobs[index].sources[0].text
            assert result.outcome is not Outcome.PROVED, text
            assert result.limit_hit not in ("crash", "replay"), (result.reason, text)
