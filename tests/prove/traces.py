"""Traces made by hand for tests of what shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from chiploom.prove.trace import TICK, Cycle, Trace

Step = Mapping[str, str]


def trace_of_steps(
    inputs: Sequence[Step],
    expected: Sequence[Step],
    got: Sequence[Step],
    registers: Sequence[Step] = (),
    *,
    model: str = "cycle",
    clock: str | None = "clk",
    failing: tuple[str, ...] = ("q",),
    **more: Any,
) -> Trace:
    registers = registers or [{}] * len(inputs)
    cycles = tuple(map(Cycle, inputs, expected, got, registers))
    return Trace(model, None if model in ("combinational", "global-step") else clock, cycles, failing, {}, **more)


def counter_trace() -> Trace:
    """A counter that wraps one too early: wrong in cycle 4."""
    return trace_of_steps(
        [{"rst": "1", "en": "x"}, {"rst": "0", "en": "1"}, {"rst": "0", "en": "1"}, {"rst": "x", "en": "x"}],
        [{"q": "xxxx"}, {"q": "0110"}, {"q": "0111"}, {"q": "1000"}],
        [{"q": "1111"}, {"q": "0110"}, {"q": "0111"}, {"q": "0000"}],
        [{"q": "1111", "up": "0"}, {"q": "0110", "up": "0"}, {"q": "0111", "up": "1"}, {"q": "0000", "up": "1"}],
    )


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Any trace, with any names and widths."""
    model = draw(st.sampled_from(["combinational", "cycle", "tick", "global-step"]))
    names = st.text(st.characters(min_codepoint=1, max_codepoint=0x2FFF), min_size=1, max_size=40)
    length = draw(st.integers(1, 1 if model == "combinational" else 30))

    def signals(alphabet: str, least: int) -> list[dict[str, str]]:
        widths = draw(st.dictionaries(names, st.integers(1, 70), min_size=least, max_size=4))
        return [
            {name: draw(st.text(alphabet, min_size=width, max_size=width)) for name, width in widths.items()}
            for _ in range(length)
        ]

    inputs = signals("01x", 0)
    if model == "tick":
        inputs = [{**step, TICK: draw(st.sampled_from("01"))} for step in inputs]
    got = signals("01xz", 1)
    expected = [
        {name: draw(st.text("01xz", min_size=len(bits), max_size=len(bits))) for name, bits in step.items()}
        for step in got
    ]
    failing = tuple(name for name in got[-1] if draw(st.booleans())) or (next(iter(got[-1])),)
    edge = draw(st.sampled_from(["posedge", "negedge"]))
    return trace_of_steps(inputs, expected, got, signals("01x", 0), model=model, failing=failing, clock_edge=edge)
