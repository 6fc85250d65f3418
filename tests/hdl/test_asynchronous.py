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
