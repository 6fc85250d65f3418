"""The test bench on Yosys' simulator: copies side by side, ties, steps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chiploom.hdl.netlist import Netlist
from chiploom.prove.yosys_sim import TestBench
from prove.designs import submission


def netlist(ports: str, body: str) -> Netlist:
    return submission(f"module m({ports});\n{body}\nendmodule\n").netlist


COUNTER = netlist("input clk, input en, output logic [2:0] q", "always_ff @(posedge clk) if (en) q <= q + 1;")


def states(value: int) -> dict[int, int]:
    (register,) = (cell for cell in COUNTER.cells if "Q" in cell.connections)
    return {net: value >> index & 1 for index, net in enumerate(register.connections["Q"])}


def test_copies_are_independent() -> None:
    bench = TestBench()
    first, second = (bench.add(COUNTER, power_up=states(value)) for value in (3, 6))
    clocks = (*first.ports["clk"], *second.ports["clk"])
    steps = [
        dict.fromkeys(clocks, "0") | {first.ports["en"][0]: "1", second.ports["en"][0]: "0"},
        dict.fromkeys(clocks, "1"),
    ]
    samples = bench.run(steps, [*first.ports["q"], *second.ports["q"]])
    assert [(sample[:3][::-1], sample[3:][::-1]) for sample in samples] == [("011", "110"), ("100", "110")]


def test_a_register_without_power_up_value_is_unknown() -> None:
    bench = TestBench()
    copy = bench.add(COUNTER, power_up={})
    assert bench.run([{}], copy.ports["q"]) == ["xxx"]


def test_ties_feed_one_netlist_into_another() -> None:
    bench = TestBench()
    source = bench.add(netlist("input [3:0] a, output [3:0] y", "assign y = ~a;"), power_up={})
    sink = bench.add(
        netlist("input [3:0] v, input [1:0] k, output [3:0] y", "assign y = v + k;"),
        power_up={},
        ties={"v": source.ports["y"], "k": ("1", "0")},
    )
    step = dict(zip(source.ports["a"], "1010", strict=True))
    assert bench.run([step], sink.ports["y"]) == [f"{(~0b0101 & 15) + 1:04b}"[::-1]]


def test_what_nothing_drives_is_listed_and_driven() -> None:
    design = netlist("input s, output y", "assign y = s ? 1'bx : 1'b0;")
    bench = TestBench()
    copy = bench.add(design, power_up={})
    (open_net,) = copy.undriven
    steps = [{copy.ports["s"][0]: "1"}, {copy.net(open_net): "1"}, {copy.net(open_net): "0"}]
    assert bench.run(steps, copy.ports["y"]) == ["x", "1", "0"]


def test_nothing_to_do_is_done() -> None:
    bench = TestBench()
    copy = bench.add(netlist("output [1:0] y", "assign y = 2;"), power_up={})
    assert bench.run([], copy.ports["y"]) == []
    assert bench.run([{}, {}], []) == ["", ""]
    assert bench.run([{}, {}], copy.ports["y"]) == ["01", "01"]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bench = TestBench()
    copy = bench.add(COUNTER, power_up=states(1))
    bench.run([{}], copy.ports["q"])
    assert list(tmp_path.iterdir()) == []


WIDE = netlist(
    "input [69:0] a, input [69:0] b, output [69:0] y, output [6:0] z",
    "assign y = {a[34:0], b[69:35]} ^ (a & b); assign z = {b[0], 3'b101, a[69], a[1:0]};",
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**70 - 1), st.integers(0, 2**70 - 1)), min_size=1, max_size=6))
def test_wide_and_shuffled_vectors(rows: list[tuple[int, int]]) -> None:
    bench = TestBench()
    copy = bench.add(WIDE, power_up={})
    steps = [
        {
            bit: str(value >> index & 1)
            for port, value in (("a", a), ("b", b))
            for index, bit in enumerate(copy.ports[port])
        }
        for a, b in rows
    ]
    for sample, (a, b) in zip(bench.run(steps, [*copy.ports["y"], *copy.ports["z"]]), rows, strict=True):
        low = (1 << 35) - 1
        assert int(sample[:70][::-1], 2) == ((a & low) << 35 | b >> 35) ^ (a & b)
        assert int(sample[70:][::-1], 2) == (b & 1) << 6 | 0b101 << 3 | (a >> 69) << 2 | a & 3
