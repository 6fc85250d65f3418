"""Registers with several asynchronous controls become one asynchronous load."""

import pytest

from .reading import read

HEAD = "module t(input c, r, s, l, d, e, output reg q);\n"


@pytest.mark.parametrize(
    "body",
    [
        "always @(posedge c or posedge r or posedge s)\nif (r) q <= 0;\nelse if (s) q <= 1;\nelse q <= d;",
        "always @(negedge s, posedge c,\n negedge r) begin\nif (!r) q <= 0; else if (~s) q <= 1;\n"
        "else if (e) q <= d; end",
        "always_ff @(posedge c or posedge r or negedge s)\n"
        "if (r == 1'b1) q <= 0; else if ((s == 0)) q <= 1; else q <= d;",
        "always @(posedge c or posedge r or posedge s or posedge l)\n"
        "if (r) q <= 0; else if (s) q <= 1; else if (l) q <= d; else q <= ~d;",
        "always @(posedge c, posedge r, // reset\nposedge s) if (r) begin q <= 0; end else if (s) begin q <= 1; end\n"
        "else begin q <= d; end",
        "always @(posedge c, posedge r, posedge s) if (r) q <= 0; else begin if (s) begin q <= 1; end\n"
        "else q <= d; end",
        "always @(posedge c or posedge r or posedge s or posedge l)\n"
        "if (r) q <= 0; else begin if (s) q <= 1; else begin if (l) q <= d; else begin q <= ~d; end end end",
        "always @(posedge c or posedge r or posedge s) begin : a if (r) begin : b q <= 0; end : b else begin : f\n"
        "if (s) begin q <= 1; end else q <= d; end : f end : a",
        "if (1) always @(posedge c or posedge r or posedge s) if (r) q <= 0; else if (s) q <= 1; else q <= d;",
        "for (genvar i = 0; i < 1; i++) always @(posedge c or posedge r or posedge s)\n"
        "if (r) q <= 0; else if (s) q <= 1; else q <= d;",
        "case (2) 1: assign q = 0; default: always @(posedge c or posedge r or posedge s)\n"
        "if (r) q <= 0; else if (s) q <= 1; else q <= d; endcase",
        "if (0) assign q = 0; else always @(posedge c or posedge r or posedge s)\n"
        "if (r) q <= 0; else if (s) q <= 1; else q <= d;",
        "wire \\r+1 = r; wire \\reg = s; always @(posedge c or posedge \\r+1 or posedge \\reg )\n"
        "if (\\r+1 ) q <= 0; else if (\\reg ) q <= 1; else q <= d;",
    ],
)
def test_set_and_reset_in_the_usual_form(body: str) -> None:
    outcome = read(f"{HEAD}{body}\nendmodule\n")
    assert outcome.netlist is not None, outcome.found
    (register,) = [cell for cell in outcome.netlist.cells if cell.type == "$aldff"]
    ports = outcome.netlist.ports
    assert register.connections["CLK"] == ports["c"].bits
    assert register.connections["Q"] == ports["q"].bits
    assert register.connections["AD"] not in ((0,), (1,)), "the loaded value depends on which control is active"


def test_what_follows_the_controls_may_be_a_macro() -> None:
    body = "always @(posedge c or posedge r or posedge s) if (r) q <= 0; else if (s) q <= 1; else `NEXT"
    assert read(f"`define NEXT q <= d;\n{HEAD}{body}\nendmodule\n").accepted


def test_two_registers_of_one_block_share_the_load() -> None:
    body = """reg p; always @(posedge c or posedge r or posedge s)
    if (r) {p, q} <= 0; else if (s) {p, q} <= 3; else {p, q} <= {q, d};"""
    outcome = read(f"{HEAD}{body}\nendmodule\n")
    assert outcome.netlist is not None
    loads = {cell.connections["ALOAD"] for cell in outcome.netlist.cells if cell.type == "$aldff"}
    assert len(loads) == 1


def test_lines_after_the_block_keep_their_numbers() -> None:
    body = """always @(posedge c,
posedge r,
posedge s)
if (r) q <= 0; else if
(s
) q <= 1; else q <= d;
reg k;
always @* if (e) k = d;
"""
    found = read(f"{HEAD}{body}endmodule\n").one("hdl.inferred-latch")
    assert found.line == 9


@pytest.mark.parametrize(
    "body",
    [
        "always @(posedge c or posedge r or posedge s) if (!r) q <= 0; else if (s) q <= 1; else q <= d;",
        "always @(posedge c or posedge r or posedge s) if (r) q <= 0; else if (s) q <= 1;",
        "always @(posedge c or posedge r or posedge s) if (r | s) q <= 0; else q <= d;",
        "always @(posedge c or posedge r or posedge s) q <= d;",
    ],
)
def test_other_forms_are_refused_with_a_code(body: str) -> None:
    outcome = read(f"{HEAD}{body}\nendmodule\n")
    assert outcome.rejected
    assert {"hdl.several-asynchronous-controls", "hdl.asynchronous-form"} & set(outcome.errors)


@pytest.mark.parametrize("condition", ["r", "r != 0"])
def test_a_control_of_several_bits_is_refused(condition: str) -> None:
    """Its edge is that of its lowest bit alone, so a load while any bit is 1 is another circuit."""
    body = f"always @(posedge c or posedge r or posedge s) if ({condition}) q <= 0; else if (s) q <= 1; else q <= d;"
    outcome = read(f"module t(input c, input [1:0] r, input s, d, output reg q);\n{body}\nendmodule\n")
    assert outcome.rejected
    assert {"hdl.several-asynchronous-controls", "hdl.asynchronous-form"} & set(outcome.errors)


def test_a_vector_elsewhere_has_no_say_about_a_control_of_the_same_name() -> None:
    outcome = read(
        "module u(input c, r, s, d, output reg q);\n"
        "always @(posedge c or posedge r or posedge s) if (r) q <= 0; else if (s) q <= 1; else q <= d;\nendmodule\n"
        "module t(input c, input [1:0] r, input s, d, output q); u x(c, r[1], s, d, q); endmodule\n"
    )
    assert outcome.accepted, outcome.found
