import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from chiploom.hdl.elaborate import LIBRARY
from chiploom.hdl.read import ReadLimits, Rules
from chiploom.hdl.sources import Source

from .reading import read, reference


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("module t(input c, d, output reg q); always @(posedge c) q <= d; endmodule", {"$dff": 1}),
        ("module t(input c, r, d, output reg q); always @(posedge c, posedge r) if (r) q <= 0; else q <= d; endmodule",
         {"$aldff": 1}),
        ("module t(input c, r, d, output reg q); always @(negedge c, negedge r) if (!r) q <= 1; else q <= d; endmodule",
         {"$aldff": 1}),
        ("module t(input e, d, output reg q); always_latch if (e) q = d; endmodule", {"$dlatch": 1}),
        ("module t(inout b, input e, d, output q); assign b = e ? d : 1'bz; assign q = b; endmodule", {"$tribuf": 1}),
        ("module t(output y, z, input a, e); bufif1 (y, a, e); notif0 (z, a, e); endmodule", {"$tribuf": 2}),
    ],
)  # fmt: skip
def test_registers_latches_and_buses(text: str, cells: dict[str, int]) -> None:
    found = read(text).cells()
    assert {kind: found[kind] for kind in cells} == cells
    assert not any(kind.startswith(("$mem", "$print", "$scopeinfo", "$check", "$_")) for kind in found)


@pytest.mark.parametrize("width", [1, 4])
@pytest.mark.parametrize(
    "form",
    [
        "assign b = e ? d : 'z;",
        "assign b = (e) ? (d) : {W{1'bz}};",
        "assign b = !e ? {W{1'bz}} : d;",
        "localparam [W-1:0] OFF = {W{1'bz}}; assign b = e ? d : OFF;",
        "genvar i; for (i = 0; i < W; i = i + 1) assign b[i] = e ? d[i] : 1'bz;",
    ],
)
def test_tri_state_forms(form: str, width: int) -> None:
    text = f"module t #(parameter W = {width})(inout [W-1:0] b, input e, input [W-1:0] d); {form} endmodule"
    outcome = read(text)
    assert outcome.codes == []
    assert outcome.netlist is not None
    bits = [bit for c in outcome.netlist.cells if c.type == "$tribuf" for bit in c.connections["Y"]]
    assert sorted(bits) == sorted(outcome.netlist.ports["b"].bits)
    assert outcome.netlist.ports["b"].direction == "inout"


@pytest.mark.parametrize(
    "body",
    [
        "reg r; always @* if (e) r = d; else r = 1'bz; assign b = r;",
        "assign b = e ? d : d ? 1'b1 : 1'bz;",
        "wire w = e ? d : 1'bz; assign b = w;",
    ],
)
def test_other_z_are_said_to_be_unknown(body: str) -> None:
    outcome = read(f"module t(inout b, input e, d);\n{body}\nendmodule")
    assert outcome.accepted and outcome.one("hdl.high-impedance-form").line == 2


def test_z_in_patterns_is_no_tri_state() -> None:
    text = """module t(input [1:0] a, output reg y, output z); always @* casez (a) 2'b1z: y = 1; 2'b?1: y = 0;
    default: y = 1; endcase assign z = a ==? 2'b1?; endmodule"""
    assert read(text).codes == []


def test_structs_enums_and_arrays_on_ports() -> None:
    text = """package p; typedef struct packed {logic [2:0] a; logic b;} s_t; typedef enum logic [1:0] {A, B, C} e_t;
    endpackage
    module t import p::*; (input s_t s, input e_t e, input logic [1:0] v [0:2], output logic [3:0] y [1:0]);
    assign y[0] = {s.b, s.a}; assign y[1] = {e == C, v[2], 1'b0}; endmodule"""
    outcome = read(text)
    assert outcome.netlist is not None
    assert {name: port.width for name, port in outcome.netlist.ports.items()} == {"s": 4, "e": 2, "v": 6, "y": 8}


MEMORY = """module t(input c, w, input [3:0] a, input [7:0] d, output [7:0] q);
reg [7:0] m [0:15]; always @(posedge c) if (w) m[a] <= d; assign q = m[a]; endmodule"""


def test_memories_become_registers() -> None:
    outcome = read(MEMORY)
    assert outcome.netlist is not None and outcome.cells()["$dff"] == 16
    assert "m[3]" in outcome.netlist.signals


def test_memories_over_the_limit_are_a_limit_not_a_verdict() -> None:
    outcome = read(MEMORY, limits=ReadLimits(memory_bits=127))
    assert outcome.error is not None and outcome.error.exit_status == 3
    assert getattr(outcome.error, "limit", None) == "memory_bits"
    assert "128" in outcome.error.message and "127" in outcome.error.message
    assert read(MEMORY, limits=ReadLimits(memory_bits=128)).accepted


def test_initial_values_are_power_up_values() -> None:
    outcome = read("module t(input c, output reg [3:0] q = 5); always @(posedge c) q <= q + 1; endmodule")
    assert outcome.netlist is not None
    assert [outcome.netlist.power_up[bit] for bit in outcome.netlist.ports["q"].bits] == [1, 0, 1, 0]


def test_assertions_are_kept_for_authors_only() -> None:
    text = "module t(input c, a, b); always @(posedge c) assert (a); always_comb assume (b); endmodule"
    kept = read(text, rules=reference(assertions=True)).cells()
    assert kept["$check"] == 2
    assert "$check" not in read(text, rules=reference()).cells()


def test_hierarchy_is_flattened_and_names_kept() -> None:
    text = """module t(input c, d, output q); stage a(c, d, q); endmodule
    module stage(input clk, input in, output reg out); always @(posedge clk) out <= in; endmodule"""
    outcome = read(text)
    assert outcome.netlist is not None
    assert "a.clk" in outcome.netlist.signals
    assert set(outcome.cells()) <= {"$dff", "$buf"}


def test_many_reads_in_one_process_leave_no_scratch_files(tmp_path: object) -> None:
    code = """
import os, sys
from chiploom.hdl.read import read_design
from chiploom.hdl.sources import Source
for step in range(20):
    design = read_design([Source("a.sv", f"module t(input a, output [{step}:0] y); assign y = a; endmodule")])
    assert design.netlist.ports["y"].width == step + 1
print(sorted(os.listdir(os.environ["TMPDIR"])))
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n", "reading a design writes nothing to standard output"
    assert done.stderr == ""


def test_the_hook_that_saves_the_log_of_a_dying_yosys_is_there() -> None:
    assert b"_ZN5Yosys16log_error_atexitE" in LIBRARY.read_bytes()


def test_delays_of_trusted_designs_are_ignored() -> None:
    text = "`timescale 1ns/1ps\nmodule t(input c, d, output reg q); always @(posedge c) #3 q <= #1 d; endmodule"
    assert read(text, rules=reference()).cells() == {"$dff": 1}


def test_several_files_with_and_without_timescale() -> None:
    files = [
        Source("a.sv", "`timescale 1ns/1ps\nmodule t(input a, output y); part p(a, y); endmodule\n"),
        Source("b.sv", "module part(input a, output y); assign y = a; endmodule\n"),
    ]
    assert read(files, rules=Rules()).accepted


def test_no_room_for_scratch_files_is_a_coded_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    outcome = read("module t(input a, output y); assign y = a; endmodule")
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.exit_status) == ("scratch-unwritable", 70)
    assert "\n" not in outcome.error.message
