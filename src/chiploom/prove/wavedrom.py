"""A trace as WaveJSON, which WaveDrom draws in a browser.

A lane's ``wave`` has one character per cycle. What differs from the expected is coloured (state ``9``). Bit strings
become ``data`` in the notation of :func:`chiploom.prove.trace.value_text`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chiploom import messages
from chiploom.prove.trace import Trace, edge_follows, printable, value_text, visible_inputs


def to_wavedrom(trace: Trace, language: str = "en") -> dict[str, Any]:
    """Return the trace as a WaveJSON object; groups are labelled in ``language``."""

    def word(key: str) -> str:
        return messages.text(f"trace.word-{key}", language)

    signal: list[Any] = []
    if trace.clock is not None and trace.model in ("cycle", "tick"):
        signal.append({"name": printable(trace.clock), "wave": _clock_wave(trace)})
    inputs = [visible_inputs(trace.model, trace.clock, cycle.inputs) for cycle in trace.cycles]
    expected = _by_name([cycle.expected for cycle in trace.cycles])
    got = _by_name([cycle.got for cycle in trace.cycles])
    registers = _by_name([cycle.registers for cycle in trace.cycles])
    wrong = set(trace.failing)
    groups = [
        [word("inputs"), *(_lane(name, values, name in trace.signed) for name, values in _by_name(inputs).items())],
        [word("expected"), *(_lane(name, values, name in trace.signed) for name, values in expected.items())],
        [
            word("got") if expected else word("outputs"),
            *(_lane(name, values, name in trace.signed, name in wrong) for name, values in got.items()),
        ],
        [word("registers"), *(_lane(name, values, name in trace.signed) for name, values in registers.items())],
    ]
    for group in groups:
        if len(group) > 1:
            signal += [{}, group] if signal else [group]
    document: dict[str, Any] = {"signal": signal, "head": {"tick": 1}}
    if trace.explanation:
        document["foot"] = {"text": trace.explanation.get(language, "")}
    return document


def _clock_wave(trace: Trace) -> str:
    # The first cycle begins without an edge: the state before it is the power-up state.
    edges = (edge_follows(trace.model, cycle.inputs) for cycle in trace.cycles[:-1])
    rest, active = ("l", "P") if trace.clock_edge == "posedge" else ("h", "N")
    return rest + "".join(active if edge else rest for edge in edges)


def _by_name(steps: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    names = dict.fromkeys(name for step in steps for name in step)
    return {name: [step.get(name, "x") for step in steps] for name in names}


def _lane(name: str, values: Sequence[str], signed: bool, wrong_at_last: bool = False) -> dict[str, Any]:
    wave: list[str] = []
    data: list[str] = []
    for index, value in enumerate(values):
        wrong = wrong_at_last and index == len(values) - 1
        if index and value == values[index - 1] and not wrong:
            wave.append(".")
        elif wrong:
            wave.append("9")
            data.append(value_text(value, signed))
        elif set(value) <= {"x", "-"} or set(value) == {"z"} or len(value) == 1:
            wave.append("x" if value[0] == "-" else value[0])
        else:
            wave.append("=")
            data.append(value_text(value, signed))
    width = max(map(len, values))
    label = printable(name) + (f"[{width - 1}:0]" if width > 1 else "")
    return {"name": label, "wave": "".join(wave)} | ({"data": data} if data else {})
