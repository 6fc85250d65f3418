"""The red-team list, line by line, as far as this room stops it. The numbers are the list's.

Each attack is a submission that a testbench harness would pass, or that would harm the machine it is read on.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chiploom.hdl.read import Rules
from chiploom.hdl.sources import Source

from .reading import Outcome, read, reference

GOOD = "assign y = a;"


def attack(body: str, before: str = "", after: str = "") -> Outcome:
    return read(f"{before}\nmodule t(input clk, input a, output y);\n{body}\nendmodule\n{after}\n")


def refused(outcome: Outcome, code: str) -> None:
    assert outcome.rejected and not outcome.died, outcome
    assert f"hdl.{code}" in outcome.errors, outcome.found
    found = next(d for d in outcome.found if d.code == f"hdl.{code}")
    assert found.line > 0 and found.file == "design.sv"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("assign y = tb.reference.y;", "undeclared-name"),
        ("assign y = $root.tb.reference.y;", "hierarchical-name"),
        ("assign y = reference.y;", "undeclared-name"),
        ("assign y = part_1.hidden; part part_1(a);", "hierarchical-name"),
        ("assign y = part_1.secret(a); part part_1(a);", "hierarchical-name"),
        ("wire seen = a; assign y = a; upward u(a);", "hierarchical-name"),
    ],
)
def test_1_reaching_into_another_module(body: str, code: str) -> None:
    parts = (
        "module part(input a); wire hidden = a; function secret(input x); secret = x; endfunction endmodule\n"
        "module upward(input a); wire q = t.seen; endmodule\n"
    )
    outcome = attack(body, after=parts)
    assert outcome.rejected, outcome
    assert f"hdl.{code}" in outcome.errors or "slang.CouldNotResolveHierarchicalPath" in outcome.errors, outcome.found


def test_1_own_generate_blocks_and_structs_are_no_other_module() -> None:
    body = """genvar i; for (i = 0; i < 2; i = i + 1) begin : g wire w; assign w = a; end
    struct packed { logic f; } s; assign s.f = g[0].w; assign y = g[1].w & s.f;"""
    assert attack(body).accepted


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("initial force y = 1; " + GOOD, "force-refused"),
        ("reg q; always @* release q; " + GOOD, "force-refused"),
        ("reg q; always @* begin assign q = a; end " + GOOD, "assign-in-always"),
        ("reg q; always @* begin deassign q; end " + GOOD, "force-refused"),
    ],
)
def test_2_force_and_procedural_assign(body: str, code: str) -> None:
    refused(attack(body), code)


def test_3_the_reference_is_not_there_to_be_instantiated() -> None:
    refused(attack("RefModule r(.a(a), .y(y));"), "unknown-module")


@pytest.mark.parametrize("task", ["$finish", "$finish(0)", "$stop", "$fatal(0)", "$exit"])
def test_4_and_5_ending_the_simulation(task: str) -> None:
    refused(attack(f"{GOOD} initial {task};"), "system-task-refused")


def test_4_what_a_design_prints_is_left_out() -> None:
    outcome = attack(f'{GOOD} initial $display("PASS: 0 mismatches"); always @(posedge clk) $write("%d", a);')
    assert outcome.warnings.count("hdl.printing-ignored") == 2
    assert set(outcome.cells()) <= {"$buf"}


def test_6_a_module_of_the_reference_s_name_is_only_the_submission_s_own() -> None:
    text = "module RefModule(input a, output y); assign y = ~a; endmodule\n"
    outcome = read([Source("design.sv", text)], fallback_top="t")
    assert outcome.netlist is not None and outcome.netlist.top == "RefModule"
    library = "module \\$_AND_ (input A, B, output Y); assign Y = 1; endmodule\n"
    outcome = attack("wire b = 0; and g(y, a, b);", after=library)
    assert outcome.cells()["$and"] == 1


def test_7_extra_tops_are_left_out_with_a_warning() -> None:
    outcome = attack(GOOD, after="module tb; reg clk; endmodule")
    assert outcome.netlist is not None and outcome.netlist.top == "t"
    assert outcome.one("hdl.extra-top").arguments["name"] == "tb"


def test_7_a_testbench_beside_the_design_is_not_judged() -> None:
    testbench = """module tb; reg clk; wire y; reg [3:0] m [0:1]; integer f; real r; t u(clk, clk, y);
    initial begin clk = 0; f = $fopen("x"); #10 $display("%b", u.y); force y = 1;
    $readmemh("/etc/passwd", m); $finish; end always #5 clk = ~clk; endmodule"""
    text = f"module t(input clk, a, output y); {GOOD} endmodule\n{testbench}\n"
    outcome = read([Source("design.sv", text)], top="t")
    assert outcome.accepted and outcome.codes.count("hdl.extra-top") == 1
    assert set(outcome.errors) == set()


@pytest.mark.parametrize(
    ("before", "body", "after"),
    [
        ("", GOOD, "module spy(input a); endmodule\nbind t spy s(a);"),
        ("config c; design t; endconfig", GOOD, ""),
        (
            "",
            "part #(1) p(a, y); defparam p.N = 2;",
            "module part #(parameter N = 0)(input a, output y); assign y = a; endmodule",
        ),
        (
            "",
            "part p(a, y);",
            "module part(input a, output y); parameter N = 0; assign y = a; endmodule\n"
            "module x; defparam t.p.N = 3; endmodule",
        ),
    ],
)
def test_8_bind_config_defparam(before: str, body: str, after: str) -> None:
    refused(attack(body, before, after), "outside-access-refused")


def test_9_directives_stay_in_the_file_they_stand_in() -> None:
    first = Source(
        "a.sv",
        "`default_nettype none\n`timescale 1ps/1fs\n`define GUARD\n"
        "module t(input a, output y); part p(a, y); endmodule\n",
    )
    second = Source(
        "b.sv", "`ifdef GUARD\nbroken\n`endif\nmodule part(input a, output y); assign z = a; assign y = z; endmodule\n"
    )
    outcome = read([first, second])
    assert outcome.accepted
    assert outcome.one("hdl.implicit-net").file == "b.sv"


@pytest.mark.parametrize(("tail", "code"), [("`ifdef NEVER\n", "missing-endif"), ("/* open", "missing-comment-end")])
def test_9_what_is_left_open_is_said(tail: str, code: str) -> None:
    refused(attack(GOOD, after=tail), code)


@pytest.mark.parametrize("directive", ['`line 1 "/etc/passwd" 0', "`unconnected_drive pull1", "`pragma protect begin"])
def test_9_directives_that_change_the_reading(directive: str) -> None:
    outcome = attack(GOOD, before=directive)
    assert outcome.rejected, outcome
    assert set(outcome.errors) & {"hdl.directive-refused", "hdl.encrypted-text"}


@pytest.mark.parametrize(
    "body",
    [
        'integer f; initial f = $fopen("/etc/passwd", "r");',
        "integer f; initial f = $fgetc(1);",
        'initial $dumpfile("/tmp/x");',
        "initial $dumpvars;",
        'initial $fdisplay(1, "x");',
        'initial $fwrite(32\'h80000002, "x");',
    ],
)
def test_11_and_12_files(body: str) -> None:
    refused(attack(f"{GOOD} {body}"), "system-task-refused")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../../etc/passwd", "rom.hex"])
@pytest.mark.parametrize("rules", [Rules(), reference(), Rules(memory_files=("other.hex",))])
def test_11_readmem_reads_no_file(path: str, rules: Rules) -> None:
    text = f'module t(input a, output y); reg m [0:1]; initial $readmemh("{path}", m); assign y = m[a]; endmodule\n'
    assert read(text, rules=rules).errors == ["hdl.memory-file-refused"]


def test_11_readmem_of_a_name_made_by_a_macro_or_a_parameter() -> None:
    for before, name in (('`define F "rom.hex"\n', "`F"), ("", "NAME")):
        text = (
            f'{before}module t #(parameter NAME = "rom.hex")(input a, output y); reg m [0:1]; '
            f"initial $readmemh({name}, m); assign y = m[a]; endmodule\n"
        )
        outcome = read(text, rules=Rules(memory_files=("rom.hex",)))
        assert "hdl.memory-file-refused" in outcome.errors


def test_11_readmem_of_the_task_s_own_file(tmp_path: Path) -> None:
    (tmp_path / "rom.hex").write_text("f\nf\nf\nf\n")  # a file of that name on disk is not the task's
    text = (
        "module t(input [1:0] a, output [3:0] y); reg [3:0] m [0:3]; initial "
        '$readmemh("rom.hex", m); assign y = m[a]; endmodule\n'
    )
    sources = [Source("design.sv", text), Source("data/rom.hex", "1\n2\n4\n8\n")]
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        outcome = read(sources, rules=Rules(memory_files=("rom.hex",)))
    finally:
        os.chdir(here)
    assert outcome.netlist is not None
    words = {}
    for name, bits in outcome.netlist.signals.items():
        if name.startswith("m["):
            words[name] = [outcome.netlist.power_up.get(bit, bit) for bit in bits]
    constants = {tuple(word) for word in words.values()}
    assert (0, 0, 0, 1) in constants or outcome.cells()["$dff"] == 0  # constants may be folded into the multiplexers
    assert (1, 1, 1, 1) not in constants


def test_13_include_of_a_file_of_the_machine() -> None:
    outcome = attack(GOOD, before='`include "/etc/passwd"')
    refused(outcome, "include-not-found")
    assert not any("root:" in found.excerpt + found.message for found in outcome.found)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('import "DPI-C" function int system(input string s);', "foreign-code-refused"),
        ('export "DPI-C" function f; function int f(); return 1; endfunction', "foreign-code-refused"),
        ('initial $system("touch /tmp/x");', "system-task-refused"),
        ('initial $c("system(0);");', "unknown-system-name"),
        ("initial $my_vpi_module;", "unknown-system-name"),
    ],
)
def test_14_foreign_code(body: str, code: str) -> None:
    refused(attack(f"{GOOD} {body}"), code)


@pytest.mark.parametrize(
    "name", ["-h.sv", "--top=x", "; rm -rf x.sv", "a b.sv", "$(touch x).sv", "../../x.sv", "@f", "-f"]
)
def test_15_file_names_are_never_passed_on(name: str) -> None:
    assert read([Source(name, "module t(input a, output y); assign y = a; endmodule\n")]).accepted


@pytest.mark.parametrize("top", ["t;shell", "t -h", "$t", "\\t "])
def test_15_top_names_are_only_compared(top: str) -> None:
    outcome = read([Source("a.sv", "module t(input a, output y); assign y = a; endmodule\n")], top=top)
    assert outcome.errors == ["hdl.top-not-found"]


HUGE = {
    "generate": "genvar i; for (i = 0; i < 100000000; i = i + 1) begin : g wire w = a; end " + GOOD,
    "generate in generate": (
        "genvar i, j; for (i = 0; i < 9999; i = i + 1) for (j = 0; j < 9999; j = j + 1) begin "
        ": g wire w = a; end "
    ) + GOOD,
    "generate that stands still": "genvar i; for (i = 0; i < 1; i = i) begin : g wire w = a; end " + GOOD,
    "loop": (
        "reg [31:0] q; integer i; always @* begin q = 0; for (i = 0; i < 100000000; i = i + 1)"
        " q = q + a; end "
    ) + GOOD,
    "loop without end": "reg q; always @* while (1) q = a; " + GOOD,
    "constant function": (
        "function integer f(input integer n); integer i; begin f = 0; for (i = 0; i < 20000000"
        "00; i = i + 1) f = f + 1; end endfunction localparam K = f(1); "
    ) + GOOD,
    "recursive function": (
        "function automatic [3:0] f(input [3:0] n); f = n == 0 ? 0 : f(n - 1); endfunction wir"
        "e [3:0] q = f({4{a}}); "
    ) + GOOD,
    "own instance": "t u(clk, a, y);",
    "wide vector": "wire [16777300:0] w; " + GOOD,
    "wide literal": "wire w = ^16777215'd3; " + GOOD,
    "wide repetition": "assign y = ^{16000000{a}};",
    "wide power": "localparam X = 16777215'd3 ** 16777215'd5; assign y = X[0];",
    "array of instances": "part p[60000:0](a); " + GOOD,
    "printing": 'initial for (int i = 0; i < 100000000; i++) $display("x"); ' + GOOD,
    "parentheses": "assign y = " + "(" * 50000 + "a" + ")" * 50000 + ";",
    "sum": "assign y = " + "a + " * 60000 + "a;",
    "indices": "assign y = a" + "[0]" * 60000 + ";",
    "blocks": "reg q; always @* " + "begin " * 50000 + "q = a;" + " end" * 50000 + GOOD,
    "generate ifs": "if (1) " * 50000 + "wire w = a; " + GOOD,
    "text": "/* " + "x" * 1_100_000 + " */ " + GOOD,
}  # fmt: skip


@pytest.mark.parametrize("what", HUGE)
def test_16_too_much_is_refused_with_a_code(what: str) -> None:
    outcome = attack(HUGE[what], after="module part(input a); endmodule")
    assert outcome.rejected or (outcome.error is not None and outcome.error.exit_status == 3), what
    assert all(code.startswith("hdl.") for code in outcome.errors), outcome.errors


@pytest.mark.parametrize(("words", "bits"), [("1 << 28", 32), ("2000000000", 1), ("256", 128)])
def test_16_memories(words: str, bits: int) -> None:
    text = f"""module t(input clk, input [27:0] a, input [{bits - 1}:0] d, output [{bits - 1}:0] q);
    reg [{bits - 1}:0] m [0:({words})-1]; always @(posedge clk) m[a] <= d; assign q = m[a]; endmodule\n"""
    outcome = read(text)
    if outcome.error is not None:
        assert getattr(outcome.error, "limit", None) == "memory_bits"
    else:
        assert outcome.rejected


@pytest.mark.parametrize(
    "body", ["wire r = $random;", "wire r = $urandom;", 'wire r = $test$plusargs("x");', "wire [63:0] r = $time;"]
)
def test_17_random_numbers_and_time(body: str) -> None:
    refused(attack(f"{GOOD} {body}"), "system-task-refused")


@pytest.mark.parametrize("macro", ["VERILATOR", "SYNTHESIS", "__ICARUS__", "YOSYS", "FORMAL", "__slang__", "XILINX"])
@pytest.mark.parametrize("directive", ["`ifdef {}", "`ifndef {}", "`ifdef A\n`elsif {}"])
def test_18_tool_macros(macro: str, directive: str) -> None:
    body = f"{directive.format(macro)}\nassign y = ~a;\n`else\nassign y = a;\n`endif"
    refused(attack(body), "tool-macro-refused")


@pytest.mark.parametrize("tool", ["synopsys", "synthesis", "pragma", "verilator", "xilinx"])
def test_18_translate_off_hides_nothing(tool: str) -> None:
    outcome = attack(f"assign y = a;\n// {tool} translate_off\nassign y = ~a;\n// {tool} translate_on")
    refused(outcome, "multiple-drivers")


def test_19_double_drivers() -> None:
    for body in (
        "assign y = a; assign y = ~a;",
        "reg q; assign y = q; always @(posedge clk) q <= a; always @(posedge clk) q <= ~a;",
        "part p(a, y); part r(~a, y);",
        "reg q; assign y = q; always @* q = a; always @* q = ~a;",
    ):
        refused(attack(body, after="module part(input a, output y); assign y = a; endmodule"), "multiple-drivers")


def test_19_latches_and_sensitivity_lists_are_said() -> None:
    latch = attack("reg q; assign y = q; always @* if (clk) q = a;")
    assert latch.accepted and "hdl.inferred-latch" in latch.warnings
    mismatch = attack("reg q; assign y = q; always @(clk) q = a & clk;")
    assert mismatch.accepted and mismatch.one("hdl.sensitivity-incomplete").arguments["names"] == "a"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("real r; " + GOOD, "not-hardware"),
        ("parameter real R = 0.5; " + GOOD, "not-hardware"),
        ("reg q; always #5 q = ~q; " + GOOD, "clock-generator"),
        ("reg q; initial begin q = 0; #10 q = 1; end " + GOOD, "delay-in-initial"),
        ("reg q; always @(posedge clk) begin @(negedge clk) q <= a; end " + GOOD, "event-inside-block"),
        ("reg q; assign y = q; always @(posedge clk) #a q <= a;", "delay-not-constant"),
        ("reg q; assign y = q; initial q = a;", "initial-reads-signal"),
        ("event e; " + GOOD, "not-hardware"),
        ("reg q; always @* fork q = a; join " + GOOD, "not-hardware"),
        ("reg q; always @* begin wait (a) q = a; end " + GOOD, "not-hardware"),
        ("pullup (y); " + GOOD, "not-hardware"),
        ("nmos (y, a, clk);", "not-hardware"),
        ("supply1 v; " + GOOD, "not-hardware"),
        ("assign (weak0, strong1) y = a;", "not-hardware"),
    ],
)
def test_20_what_is_no_hardware(body: str, code: str) -> None:
    refused(attack(body), code)


def test_20_constant_delays_are_ignored_with_a_warning_unless_forbidden() -> None:
    text = "module t(input c, d, output reg q); always @(posedge c) q <= #1 d; endmodule\n"
    allowed = read(text)
    assert allowed.warnings == ["hdl.delay-ignored"] and set(allowed.cells()) == {"$dff"}
    assert read(text, rules=Rules(delays="forbid")).errors == ["hdl.delay-forbidden"]


def test_20_initial_is_called_no_logic() -> None:
    assert "hdl.initial-is-not-logic" in attack("reg q; initial q = 1; assign y = q;").warnings


@pytest.mark.parametrize(
    "name", ["blackbox", "whitebox", "full_case", "anyconst", "init", "hdlname", "gclk", "techmap_chtype"]
)
def test_21_attributes_that_change_the_circuit(name: str) -> None:
    refused(attack(f"(* {name} = 1 *) wire w; {GOOD}"), "attribute-refused")


def test_21_keep_changes_nothing() -> None:
    outcome = attack(f"(* keep *) wire w = a; {GOOD}")
    assert outcome.accepted and "hdl.attribute-ignored" in outcome.warnings


def test_23_lint_pragmas_hide_nothing() -> None:
    body = (
        "// verilator lint_off MULTIDRIVEN\n/* verilator lint_off */\n`pragma diagnostic "
        'ignore="-Weverything"\nassign y = a; assign y = ~a;'
    )
    refused(attack(body), "multiple-drivers")


@pytest.mark.parametrize("construct", ["assume (a);", "restrict property (@(posedge clk) a);"])
def test_25_no_submitted_assumptions(construct: str) -> None:
    body = f"always @* {construct}" if construct.startswith("assume") else construct
    refused(attack(f"{GOOD} {body}"), "assume-refused")
    refused(attack(f"{GOOD} assume property (@(posedge clk) 0);"), "assume-refused")


def test_25_assertions_are_left_out() -> None:
    outcome = attack(f'{GOOD} always @(posedge clk) assert (0) else $error("x"); assert property (@(posedge clk) a);')
    assert outcome.accepted and outcome.warnings.count("hdl.assertion-ignored") == 2
    assert set(outcome.cells()) <= {"$buf"}


@pytest.mark.parametrize("text", ["read_verilog /etc/passwd\nproc\n", "yosys -import\nexec rm x\n", "puts [exec id]\n"])
def test_27_scripts_are_not_verilog(text: str) -> None:
    outcome = read([Source("run.ys", text)])
    assert outcome.rejected


def test_32_control_characters_in_names_are_escaped() -> None:
    outcome = attack("wire \\<script>\u202e\x1b[31m ; " + GOOD)
    for found in outcome.found:
        assert not {"\x1b", "\u202e"} & set(found.message + found.excerpt + found.file)


def test_33_names_with_slashes_reach_no_directory(tmp_path: Path) -> None:
    target = tmp_path / "written.sv"
    outcome = read([Source(f"../../../../../..{target}", "module t(input a, output y); assign y = a; endmodule\n")])
    assert outcome.accepted and not target.exists()
