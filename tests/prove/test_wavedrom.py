"""WaveJSON, held against its own rules: https://wavedrom.com/tutorial.html."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from chiploom.prove.explain import explain
from chiploom.prove.trace import TICK, Trace, value_text, visible_inputs
from chiploom.prove.wavedrom import to_wavedrom
from prove.traces import counter_trace, trace_of_steps, traces

WITH_DATA = "=23456789"


def lanes(document: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return lanes by (group, place)."""
    found = {}
    for entry in document["signal"]:
        if isinstance(entry, list):
            title, *members = entry
            found |= {(title, place): lane for place, lane in enumerate(members)}
        elif entry:
            found["", 0] = entry
    return found


def shown_values(lane: dict[str, Any]) -> list[str]:
    """Return what WaveDrom shows in each cycle."""
    data = iter(lane.get("data", []))
    shown: list[str] = []
    for char in lane["wave"]:
        shown.append(shown[-1] if char == "." else next(data) if char in WITH_DATA else char)
    assert next(data, None) is None
    return shown


def test_a_counter() -> None:
    document = to_wavedrom(counter_trace())
    found = lanes(document)
    assert found["", 0] == {"name": "clk", "wave": "lPPP"}
    assert found["inputs", 0] == {"name": "rst", "wave": "10.x"}
    assert found["expected", 0] == {"name": "q[3:0]", "wave": "x===", "data": ["6", "7", "8"]}
    assert found["got", 0] == {"name": "q[3:0]", "wave": "===9", "data": ["15", "6", "7", "0"]}
    assert found["registers", 1]["name"] == "up"


@pytest.mark.parametrize(("edge", "wave"), [("posedge", "lPlP"), ("negedge", "hNhN")])
def test_the_clock_rests_between_edges(edge: str, wave: str) -> None:
    values = [{"q": "0"}] * 4
    trace = trace_of_steps([{TICK: tick} for tick in "1010"], values, values, model="tick", failing=(), clock_edge=edge)
    assert lanes(to_wavedrom(trace))["", 0]["wave"] == wave


def test_groups_and_foot_speak_the_language() -> None:
    trace = counter_trace()
    explained = Trace(trace.model, trace.clock, trace.cycles, trace.failing, explain(trace))
    document = to_wavedrom(explained, "fr")
    assert {title for title, _ in lanes(document)} == {"", "entrées", "attendu", "obtenu", "registres"}
    assert document["foot"]["text"].startswith("au cycle 4")


@given(traces())
def test_any_trace_is_shown_whole(trace: Trace) -> None:
    document = json.loads(json.dumps(to_wavedrom(trace)))
    assert set(document) <= {"signal", "head", "foot"}
    found = lanes(document)
    for title, steps in {
        "inputs": [visible_inputs(trace.model, trace.clock, cycle.inputs) for cycle in trace.cycles],
        "expected": [cycle.expected for cycle in trace.cycles],
        "got": [cycle.got for cycle in trace.cycles],
        "registers": [cycle.registers for cycle in trace.cycles],
    }.items():
        for place, name in enumerate(steps[0]):
            lane = found[title, place]
            assert len(lane["wave"]) == len(trace.cycles)
            assert set(lane["wave"]) <= set("01xz.=9")
            assert lane["name"].isprintable()
            expected = [value_text(step[name]) for step in steps]
            assert shown_values(lane) == expected
            assert ("9" in lane["wave"]) == (title == "got" and name in trace.failing)
