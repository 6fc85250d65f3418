"""Ports that do not fit are told in the author's own file, line and column."""

from __future__ import annotations

from chiploom.hdl.netlist import Netlist
from chiploom.hdl.read import read_design
from chiploom.hdl.sources import Source
from chiploom.prove.interface import compare_ports, missing_ports

REFERENCE = "module top (input a, input [3:0] b, output y);\n  assign y = a & ^b;\nendmodule\n"
SUBMISSION = """// a comment
module top (
    input        a,
    input  [2:0] b,
    output       z
);
  assign z = a & ^b;
endmodule
"""


def netlist(name: str, text: str) -> Netlist:
    return read_design((Source(name, text),)).netlist


def test_every_difference_names_the_learners_file() -> None:
    found = compare_ports(netlist("reference.sv", REFERENCE), netlist("my designs/a:b.sv", SUBMISSION))
    assert [(d.code, d.file, d.line, d.column) for d in found] == [
        ("prove.port-missing", "my designs/a:b.sv", 2, 8),
        ("prove.port-extra", "my designs/a:b.sv", 5, 18),
        ("prove.port-width", "my designs/a:b.sv", 4, 18),
    ]


def test_a_port_that_properties_read_is_missed_in_the_learners_file() -> None:
    (found,) = missing_ports(
        netlist("properties.sv", "module p (input q, output unused); assign unused = q; endmodule"),
        netlist("mine.sv", "module top (output unused); assign unused = 0; endmodule"),
    )
    assert (found.code, found.file, found.line) == ("prove.port-missing", "mine.sv", 1)
