"""A trace as Value Change Dump (IEEE 1800, clause 21.7), as waveform viewers read it.

Scopes are ``inputs``, ``expected``, ``got`` and ``registers`` (a plain run: ``inputs``, ``outputs``, ``registers``).
One cycle is 10 ns; the active clock edge falls on the border between two cycles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chiploom.prove.trace import Trace, edge_follows, printable, visible_inputs

_CYCLE_NS = 10
_SIMPLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


def to_vcd(trace: Trace) -> str:
    """Return the trace as the text of a VCD file (ASCII)."""
    checked = any(cycle.expected for cycle in trace.cycles)
    scopes: dict[str, list[Mapping[str, str]]] = {
        "inputs": [visible_inputs(trace.model, trace.clock, cycle.inputs) for cycle in trace.cycles],
        "expected": [cycle.expected for cycle in trace.cycles],
        "got" if checked else "outputs": [cycle.got for cycle in trace.cycles],
        "registers": [cycle.registers for cycle in trace.cycles],
    }
    codes = _codes()
    header = ["$version chiploom $end", "$timescale 1 ns $end"]
    clock_code = ""
    tracks: list[tuple[str, list[str]]] = []
    for scope, steps in scopes.items():
        widths = {name: len(bits) for step in reversed(steps) for name, bits in step.items()}
        clock = trace.clock if scope == "inputs" and trace.model in ("cycle", "tick") else None
        if not widths and clock is None:
            continue
        header.append(f"$scope module {scope} $end")
        if clock is not None:
            clock_code = next(codes)
            header.append(f"$var wire 1 {clock_code} {_identifier(clock)} $end")
        for name, width in widths.items():
            code = next(codes)
            bounds = f" [{width - 1}:0]" if width > 1 else ""
            header.append(f"$var wire {width} {code} {_identifier(name)}{bounds} $end")
            tracks.append((code, [step.get(name, "x" * width) for step in steps]))
        header.append("$upscope $end")
    header.append("$enddefinitions $end")
    return "".join(f"{line}\n" for line in (*header, *_changes(trace, clock_code, tracks)))


def _changes(trace: Trace, clock_code: str, tracks: list[tuple[str, list[str]]]) -> Iterator[str]:
    rest, active = ("0", "1") if trace.clock_edge == "posedge" else ("1", "0")
    last_seen: dict[str, str] = {}
    for index in range(len(trace.cycles)):
        changes = []
        edge = index > 0 and edge_follows(trace.model, trace.cycles[index - 1].inputs)
        if clock_code and (edge or index == 0):
            changes.append(f"{active if edge else rest}{clock_code}")
        for code, values in tracks:
            value = values[index].replace("-", "x")
            if last_seen.get(code) != value:
                last_seen[code] = value
                changes.append(f"{value}{code}" if len(value) == 1 else f"b{value} {code}")
        if index == 0:
            changes = ["$dumpvars", *changes, "$end"]
        if changes:
            yield f"#{index * _CYCLE_NS}"
            yield from changes
        if clock_code and edge:
            yield f"#{index * _CYCLE_NS + _CYCLE_NS // 2}"
            yield f"{rest}{clock_code}"
    yield f"#{len(trace.cycles) * _CYCLE_NS}"


def _codes() -> Iterator[str]:
    """Yield identifier codes: numbers written with the 94 printable characters."""
    number = 0
    while True:
        code, rest = "", number
        while True:
            code += chr(33 + rest % 94)
            rest //= 94
            if rest == 0:
                break
        yield code
        number += 1


def _identifier(name: str) -> str:
    """Return a reference name: escaped as Verilog does it where it is not a simple one."""
    if _SIMPLE_NAME.fullmatch(name):
        return name
    return "\\" + printable(name).replace(" ", "\\u{20}")
