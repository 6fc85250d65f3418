import pytest

from chiploom.hdl.sources import Source

from .reading import read, reference


def warnings(text: str, code: str) -> list[tuple[int, str]]:
    outcome = read(text)
    assert outcome.accepted, outcome.found or outcome.error
    return [(d.line, d.arguments.get("name") or d.arguments.get("names", "")) for d in outcome.found if d.code == code]


CLEAN = {
    "adder": "module t(input [3:0] a, b, output [4:0] y);\nassign y = a + b;\nendmodule",
    "carry chain in one vector": """module t(input [3:0] a, b, output [3:0] y);
        wire [4:0] c; assign c[0] = 0; assign c[4:1] = (a & b) | (c[3:0] & (a ^ b)); assign y = a ^ b ^ c[3:0];
        endmodule""",
    "default first": """module t(input [1:0] s, output reg y);
        always @* begin y = 0; case (s) 2: y = 1; endcase end endmodule""",
    "temporary in a listed block": """module t(input a, b, output reg y); reg u;
        always @(a or b) begin u = a & b; y = ~u; end endmodule""",
    "latch on purpose": "module t(input e, d, output logic q); always_latch if (e) q = d; endmodule",
    "loop variable": """module t(input [3:0] a, output reg [3:0] y); integer i;
        always @(a) for (i = 0; i < 4; i = i + 1) y[i] = a[3 - i]; endmodule""",
    "shared bus": """module t(input e, f, a, b, output y);
        assign y = e ? a : 1'bz; assign y = f ? b : 1'bz; endmodule""",
    "wired and": "module t(input a, b, output wand y); assign y = a; assign y = b; endmodule",
    "bits driven apart": """module t(input a, c, output reg [1:0] y);
        always @(posedge c) y[0] <= a; always @(posedge c) y[1] <= ~a; endmodule""",
    "inout that is only read": "module t(inout a, output y); assign y = a; endmodule",
    "enum machine": """module t(input clk, rst, go, output logic busy);
        typedef enum logic [1:0] {IDLE, RUN, STOP} state_t; state_t state, next;
        always_comb case (state) IDLE: next = go ? RUN : IDLE; RUN: next = STOP; default: next = IDLE; endcase
        always_ff @(posedge clk) if (rst) state <= IDLE; else state <= next;
        assign busy = state != IDLE; endmodule""",
}


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_said_about_good_designs(name: str) -> None:
    assert read(CLEAN[name]).codes == []
    assert read(CLEAN[name]).accepted


PART = "\nmodule s(input a, output y);\nassign y = a;\nendmodule"


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("module t(input a, b, output y);\nassign y = a;\nassign y = b;\nendmodule", 3, "y"),
        ("module t(input [3:0] a, output [3:0] y);\nassign y[2:0]=a;\nassign y[3:2]=a;\nendmodule", 3, "y"),
        ("module t(input c, output reg y);\nalways @(posedge c) y<=1;\nalways @(posedge c) y<=0;\nendmodule", 1, "y"),
        ("module t(input a, b, output logic y);\nassign y = a;\nassign y = b;\nendmodule", 3, "y"),
        ("module t(input a, output y);\ns u(a, y);\ns v(a, y);\nendmodule" + PART, 1, "y"),
        ("module t(input a, output y);\nassign y = a ? a : 1'bz;\nassign y = a;\nendmodule", 3, "y"),
    ],
)  # fmt: skip
def test_several_drivers_reject(text: str, line: int, name: str) -> None:
    outcome = read(text)
    assert outcome.rejected
    found = outcome.one("hdl.multiple-drivers")
    assert found.arguments["name"] == name
    assert found.line >= line
    assert read(text, rules=reference()).errors == ["hdl.multiple-drivers"]


def test_an_input_driven_inside_an_instance_is_found() -> None:
    text = (
        "module t(input a, output y);\ns u(a);\nassign y = a;\nendmodule\nmodule s(output q);\nassign q = 1;\nendmodule"
    )
    assert read(text).rejected


def test_latch_names_the_signal_and_its_line() -> None:
    plain = "module t(input e, d,\n output reg q);\n always @*\n if (e) q = d;\nendmodule"
    assert warnings(plain, "hdl.inferred-latch") == [(3, "q")]
    combinational = "module t(input e, d,\n output logic q);\n always_comb\n if (e) q = d;\nendmodule"
    assert warnings(combinational, "hdl.inferred-latch") == [(4, "q")]
    assert warnings(combinational, "hdl.combinational-loop") == []


def test_latch_in_an_instance_is_named_by_its_path() -> None:
    text = """module t(input e, d, output q); part u(e, d, q); endmodule
module part(input e, d, output reg q);
always @(e or d)
if (e) q = d;
endmodule"""
    ((line, name),) = warnings(text, "hdl.inferred-latch")
    assert line == 3 and name in ("q", "u.q")


@pytest.mark.parametrize(
    ("events", "missing"),
    [("a", "b, c"), ("a or b", "c"), ("a, b, c", None), ("*", None), ("a or b or c[0]", "c"), ("posedge a", None)],
)
def test_sensitivity_lists(events: str, missing: str | None) -> None:
    text = f"module t(input a, b, input [1:0] c, output reg y);\n\nalways @({events}) y = a & b & c[1];\nendmodule"
    found = warnings(text, "hdl.sensitivity-incomplete")
    assert found == ([] if missing is None else [(3, missing)])


def test_missing_events_are_told_in_one_order() -> None:
    names = ["zeta", "nu", "alpha", "mu", "kappa", "eta", "xi", "beta"]
    text = (
        f"module t(input e, {', '.join(names)}, output reg y);\n\nalways @(e) y = {' ^ '.join(names)} ^ e;\nendmodule"
    )
    assert warnings(text, "hdl.sensitivity-incomplete") == [(3, ", ".join(sorted(names)))]


def test_width_is_cut() -> None:
    text = "module t(input [7:0] a, output [3:0] y);\nassign y = a;\nendmodule"
    found = read(text).one("hdl.width-truncated")
    assert (found.line, found.arguments) == (2, {"given": "8", "wanted": "4"})
    assert read("module t(input c, output reg [3:0] q); always @(posedge c) q <= q + 1; endmodule").codes == []


def test_ports_unused_and_undriven_whole_and_in_part() -> None:
    text = """module t(
  input unused,
  input [3:0] part,
  output none,
  output [7:0] some
);
assign some[2:0] = part[3:1];
assign some[5] = 0;
endmodule"""
    outcome = read(text)
    said = {d.code: (d.line, d.arguments.get("name"), d.arguments.get("bits")) for d in outcome.found}
    assert said == {
        "hdl.input-unused": (2, "unused", None),
        "hdl.input-bits-unused": (3, "part", "0"),
        "hdl.output-undriven": (4, "none", None),
        "hdl.output-bits-undriven": (5, "some", "4:3, 7:6"),
    }


def test_combinational_loops() -> None:
    text = "module t(input s, r, output q, p);\nassign q = ~(r | p);\nassign p = ~(s | q);\nendmodule"
    ((line, names),) = warnings(text, "hdl.combinational-loop")
    assert line == 1 and names == "p, q"
    ripple = (
        "module t(input a, output [3:0] y);\nwire [3:0] w;\nassign w = {w[2:0], a} + 4'd1;\nassign y = w;\nendmodule"
    )
    assert warnings(ripple, "hdl.combinational-loop") == []
    ring = "module t(input a, output [3:0] w);\nassign w = {w[0], w[3:1]} ^ {4{a}};\nendmodule"
    assert len(warnings(ring, "hdl.combinational-loop")) == 1
    register = "module t(input c, output reg q);\nalways @(posedge c) q <= ~q;\nendmodule"
    assert warnings(register, "hdl.combinational-loop") == []


def test_a_lint_in_an_included_file_names_that_file() -> None:
    top = Source("top.sv", 'module t(input e, d, output reg q);\n`include "body.vh"\nendmodule\n')
    outcome = read([top, Source("body.vh", "// thân mạch\n\nalways @* if (e) q = d;\n")])
    found = outcome.one("hdl.inferred-latch")
    assert (found.file, found.line) == ("body.vh", 3)


def test_references_are_not_linted() -> None:
    text = "module t(input a, e, output reg q); always @* if (e) q = 1; initial q = 0; endmodule"
    outcome = read(text, rules=reference())
    assert outcome.accepted and outcome.codes == []
