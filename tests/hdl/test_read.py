import pytest

from chiploom.hdl.sources import Source

from .reading import Outcome, read, reference

COUNTER = """module counter(input clk, input rst, output reg [3:0] q);
  always @(posedge clk)
    if (rst) q <= 0; else q <= q + 1;
endmodule
"""


def test_a_counter() -> None:
    outcome = read([Source("bộ đếm.sv", COUNTER)])
    assert outcome.netlist is not None and outcome.found == ()
    assert outcome.netlist.top == "counter"
    assert [(p.name, p.direction, p.width) for p in outcome.netlist.ports.values()] == [
        ("clk", "input", 1),
        ("rst", "input", 1),
        ("q", "output", 4),
    ]


def test_ports_keep_the_order_of_declaration() -> None:
    names = ["zulu", "alpha", "mike", "bravo", "yankee"]
    header = ", ".join(f"input {name}" for name in names)
    outcome = read(f"module t({header}, output o); assign o = {' ^ '.join(names)}; endmodule")
    assert outcome.netlist is not None
    assert list(outcome.netlist.ports) == [*names, "o"]
    old = read("module t(y, b, a); input a; output y; input b; assign y = a & b; endmodule")
    assert old.netlist is not None and list(old.netlist.ports) == ["y", "b", "a"]


def test_files_in_any_order() -> None:
    package = Source("p.sv", "package p; localparam W = 3; endpackage\n")
    part = Source("part.sv", "module part import p::*; (input [W-1:0] a, output y); assign y = &a; endmodule\n")
    top = Source("top.sv", "module t(input [2:0] a, output y); part u(.a(a), .y(y)); endmodule\n")
    for files in ([package, part, top], [top, part, package], [part, top, package]):
        outcome = read(files)
        assert outcome.netlist is not None and outcome.netlist.top == "t"


PAIR = "module a(input x, output y); assign y = x; endmodule\nmodule b(input x, output y); assign y = ~x; endmodule\n"


def message(outcome: Outcome) -> str:
    assert outcome.error is not None
    return outcome.error.message


def test_two_tops_are_listed() -> None:
    outcome = read([Source("a.sv", PAIR)])
    assert outcome.error is not None and outcome.error.code == "ambiguous-top" and outcome.error.exit_status == 64
    assert "a, b" in message(outcome) and "\n" not in message(outcome)


def test_fallback_top_decides_between_two() -> None:
    outcome = read([Source("a.sv", PAIR)], fallback_top="b")
    assert outcome.netlist is not None and outcome.netlist.top == "b"
    assert outcome.one("hdl.extra-top").arguments["name"] == "a"


def test_the_only_uninstantiated_module_wins_over_the_fallback() -> None:
    text = PAIR.replace("assign y = ~x;", "a u(x, y);")
    outcome = read([Source("a.sv", text)], fallback_top="a")
    assert outcome.netlist is not None and outcome.netlist.top == "b"


def test_unknown_top_is_named_with_what_there_is() -> None:
    found = read([Source("a.sv", PAIR)], top="c").one("hdl.top-not-found")
    assert found.arguments == {"name": "c", "modules": "a, b"}


def test_no_module() -> None:
    assert read([Source("a.sv", "`define X 1\n// nothing\n")]).errors == ["hdl.no-module"]


SIZED = "module t #(parameter W = 2, localparam K = 5)(input [W-1:0] a, output [W-1:0] y); assign y = ~a; endmodule"


@pytest.mark.parametrize(("given", "width"), [({}, 2), ({"W": 7}, 7), ({"W": 3, "OTHER": 1, "K": 9}, 3)])
def test_parameters_the_top_declares_are_overridden(given: dict[str, int], width: int) -> None:
    outcome = read(SIZED, parameters=given, rules=reference())
    assert outcome.netlist is not None and outcome.netlist.ports["y"].width == width


def test_body_parameters_count_only_without_a_parameter_list() -> None:
    body = "module t(a, y); parameter W = 2; input [W-1:0] a; output [W-1:0] y; assign y = a; endmodule"
    outcome = read(body, parameters={"W": 5})
    assert outcome.netlist is not None and outcome.netlist.ports["y"].width == 5
    both = "module t #(parameter N = 2)(input [N-1:0] a, output [N-1:0] y); parameter W = 2; assign y = a; endmodule"
    outcome = read(both, parameters={"W": 5, "N": 3})
    assert outcome.netlist is not None and outcome.netlist.ports["y"].width == 3


def test_place_and_caret_in_a_line_with_vietnamese_and_tabs() -> None:
    text = "module t(output y);\n\t/* đếm */ assign y = khongco;\nendmodule\n"
    found = read(text).one("hdl.undeclared-name")
    line = text.splitlines()[1]
    assert (found.line, found.column) == (2, line.index("khongco") + 1)
    shown, caret = found.excerpt.split("\n")
    assert shown == line
    assert caret == "\t" + " " * (line.index("khongco") - 1) + "^"


def test_control_and_direction_characters_never_reach_the_reader() -> None:
    text = "module t(output y);\nassign y = nix; // \x1b[31m \u202e txet\nendmodule\n"
    found = read([Source("a\x1b[2J\u202e.sv", text)]).one("hdl.undeclared-name")
    for shown in (found.file, found.excerpt, found.message):
        assert not set(shown) & {"\x1b", "\u202e"}
    escaped = read("module t(input \\a\u202e\x07b , output y); assign y = 0; endmodule")
    assert not any({"\x07", "\u202e"} & set(d.message + d.excerpt) for d in escaped.found)


def test_errors_are_few_and_in_order() -> None:
    text = "module t;\n" + "assign = 1;\n" * 500 + "endmodule\n"
    found = read(text).found
    assert 0 < len(found) <= 10
    assert [d.line for d in found] == sorted(d.line for d in found)


def test_long_lines_are_cut_around_the_caret() -> None:
    text = "module t(output y); " + "/* " + "x" * 5000 + " */ assign y = nowhere; " + " " * 3000 + "endmodule\n"
    found = read(text).one("hdl.undeclared-name")
    shown, caret = found.excerpt.split("\n")
    assert len(shown) <= 110
    assert shown[len(caret) - 1 :].startswith("nowhere")


def test_verilog_2005_may_use_names_that_are_keywords_today() -> None:
    text = """module t(input clk, input [3:0] do, input bit, output reg [3:0] final);
  wire priority = ^do;
  always @(posedge clk) if (bit) final <= do; else final <= {4{priority}};
  assign global = nowhere;
endmodule
"""
    outcome = read([Source("old.v", text.replace("  assign global = nowhere;\n", ""))])
    assert outcome.netlist is not None and list(outcome.netlist.ports) == ["clk", "do", "bit", "final"]
    outcome = read([Source("old.v", text)])
    assert {(d.code, d.line, d.column) for d in outcome.found if d.severity == "error"} == {
        ("hdl.undeclared-name", 4, 19)
    }
    first_line = "module t(input do, output y); assign y = nowhere; endmodule\n"
    found = read([Source("old.v", first_line)]).one("hdl.undeclared-name")
    assert (found.line, found.column) == (1, first_line.index("nowhere") + 1)
    mixed = [
        Source("new.sv", "module t(input logic a, output logic y); old u(a, y); endmodule\n"),
        Source("old.v", "module old(input do, output bit); assign bit = do; endmodule\n"),
    ]
    assert read(mixed).accepted
    assert read([Source("x.v", "module t(input do; endmodule")]).rejected
