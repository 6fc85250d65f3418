"""Waveforms: some drawn here by hand, and what must hold of any."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.prove.trace import TICK, Trace
from chiploom.prove.waveform import draw
from prove.traces import counter_trace, trace_of_steps, traces

COLOUR = re.compile("\x1b\\[[0-9;]*m")


def test_a_counter_that_wraps_too_early() -> None:
    assert draw(counter_trace()) == (
        "                     cycle   1     2     3     4\n"
        "          clk              ▁▁▁▁▁▁╱▔▔╲▁▁╱▔▔╲▁▁╱▔▔╲▁▁\n"
        "\n"
        "inputs    rst              ▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁░░░░░░\n"
        "          en               ░░░░░░╱▔▔▔▔▔▔▔▔▔▔▔░░░░░░\n"
        "\n"
        "outputs   q[3:0] expected  ░░░░░░╳ 6 ──╳ 7 ──╳ 8 ──\n"
        "                      got  ─ 15 ─╳ 6 ──╳ 7 ──╳ 0 ──\n"
        "                                               ▲\n"
        "\n"
        "registers up               ▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔\n"
        "\n"
        "▲ differs from what is expected   ░ does not matter   ░ expected: any value is right\n"
    )


def test_gates_are_listed_as_values() -> None:
    trace = trace_of_steps([{"a": "1", "b": "xx"}], [{"y": "0"}], [{"y": "1"}], model="combinational", failing=("y",))
    assert draw(trace, "vi") == (
        "đầu vào a                   1\n"
        "        b[1:0]              ░\n"
        "\n"
        "đầu ra  y       mong đợi    0\n"
        "               nhận được    1\n"
        "                            ▲\n"
        "\n"
        "▲ khác với giá trị mong đợi   ░ giá trị nào cũng được (don't care)\n"
    )


def test_the_clock_rests_where_no_edge_comes() -> None:
    steps = [{TICK: tick} for tick in "1011"]
    values = [{"q": value} for value in "0000"]
    rising = trace_of_steps(steps, values, values, model="tick", failing=())
    assert "clk  ▁▁▁▁╱▔╲▁▁▁▁▁╱▔╲▁\n" in collapsed(draw(rising))
    falling = trace_of_steps(steps, values, values, model="tick", failing=(), clock_edge="negedge")
    assert "clk  ▔▔▔▔╲▁╱▔▔▔▔▔╲▁╱▔\n" in collapsed(draw(falling))


def collapsed(text: str) -> str:
    return re.sub(r"(?<=\S) {3,}(?=\S)", "  ", text)


def test_what_is_unknown_or_floating_in_a_plain_run_is_said_so() -> None:
    run = trace_of_steps([{"a": "0"}, {"a": "1"}], [{}, {}], [{"q": "x"}, {"q": "z"}], failing=())
    drawn = draw(run)
    assert "░ x: unknown" in drawn
    assert "┄ z: not driven" in drawn
    assert "expected" not in drawn


def test_a_failing_assertion_has_a_row() -> None:
    trace = trace_of_steps([{"a": "1"}, {"a": "1"}], [{}, {}], [{"q": "0"}, {"q": "1"}], failing=("low",))
    (row,) = [line for line in draw(trace).splitlines() if "low" in line]
    assert row.endswith("▲ fails")
    assert row.index("▲") > draw(trace).splitlines()[0].index("2") - 2


def long_trace(length: int) -> Trace:
    values = [{"q": f"{index % 16:04b}"} for index in range(length)]
    return trace_of_steps([{"a": "1"}] * length, values, [*values[:-1], {"q": "xxxx"}])


def test_a_long_trace_is_continued_below() -> None:
    drawn = draw(long_trace(30), width=80)
    heads = [line.split()[1:] for line in drawn.splitlines() if line.lstrip().startswith("cycle")]
    assert len(heads) > 1
    assert [number for head in heads for number in head] == [str(number) for number in range(1, 31)]


@pytest.mark.parametrize("most_panels", [2, 3, 4])
def test_what_is_not_drawn_of_a_very_long_trace_is_counted(most_panels: int) -> None:
    drawn = draw(long_trace(5000), width=90, most_panels=most_panels)
    heads = [line.split()[1:] for line in drawn.splitlines() if line.lstrip().startswith("cycle ")]
    numbers = {int(number) for head in heads for number in head}
    found = re.search(r"cycles (\d+)-(\d+): (\d+) cycles not drawn", drawn)
    assert found is not None
    first, last, count = map(int, found.groups())
    assert count == last - first + 1
    assert numbers == set(range(1, 5001)) - set(range(first, last + 1))
    assert len(heads) == most_panels


def test_registers_that_are_outputs_are_not_drawn_twice_and_many_are_counted() -> None:
    registers = {f"r{index}": "1" for index in range(20)}
    trace = trace_of_steps([{}], [{"q": "0"}], [{"q": "1"}], [{**registers, "q": "1"}])
    drawn = draw(trace)
    assert sum(line.split()[:1] == ["q"] or " q " in line for line in drawn.splitlines()) == 1
    assert "4 more registers not drawn" in drawn
    assert "r15 " in drawn
    assert "r16" not in drawn


@given(traces(), st.sampled_from(["en", "vi", "fr"]), st.integers(30, 200))
def test_any_waveform_is_plain_text_of_bounded_width(trace: Trace, language: str, width: int) -> None:
    drawn = draw(trace, language, width=width)
    assert drawn.endswith("\n")
    lines = drawn.splitlines()
    assert all(line.replace("\u00a0", " ").isprintable() and line == line.rstrip() for line in lines)
    labels = max(len(re.split("[▁▔╱╲╳─░┄▲]| {3,}\\S", line)[0]) for line in lines)
    # One column is always drawn, however narrow the terminal is.
    assert max(map(len, lines)) <= max(width, labels + 20 + 70)
    coloured = draw(trace, language, colour=True, width=width)
    assert COLOUR.sub("", coloured).split() == drawn.split()


@given(traces())
def test_every_value_of_every_drawn_cycle_is_there(trace: Trace) -> None:
    head = draw(trace, width=10_000).splitlines()
    assert len(head) >= len(trace.cycles[0].got)
    if trace.model != "combinational":
        assert head[0].split()[1:] == [str(number + 1) for number in range(len(trace.cycles))]
