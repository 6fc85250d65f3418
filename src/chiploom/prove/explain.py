"""The sentence that says what happened: in which cycle, after what, what came out and what should have.

Cycles are numbered as in :mod:`chiploom.prove.trace`: index plus 1. Only inputs that matter are named (no x). Where
none of the last cycle matters, the output came out of a register and the cycle before is what it came from. Where a
value is not wholly definite, the sentence is about one bit that is wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

from chiploom import messages
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.trace import Cycle, Trace, edge_follows, printable, value_text, visible_inputs

_MOST_CONDITIONS = 6
_MOST_ALSO_WRONG = 6
_MOST_STATE_SHOWN = 2
_MOST_PARTS = 2
_LONGEST_NAME = 60
_LONGEST_VALUE = 20


def trace_of(counterexample: Counterexample, signed: frozenset[str] = frozenset()) -> Trace:
    """Return the trace to show for a counterexample that was replayed, with its explanation.

    Parameters
    ----------
    counterexample : Counterexample
        What was replayed.
    signed : frozenset of str
        Ports and registers that were declared signed.
    """
    cycles = tuple(
        Cycle(dict(inputs), dict(expected), dict(got), dict(registers))
        for inputs, expected, got, registers in zip(
            counterexample.inputs,
            counterexample.expected,
            counterexample.got,
            counterexample.registers,
            strict=True,
        )
    )
    trace = Trace(
        model=counterexample.model,
        clock=counterexample.clock,
        cycles=cycles,
        failing=counterexample.failing,
        explanation={},
        clock_edge=counterexample.clock_edge,
        signed=signed,
    )
    return replace(trace, explanation=explain(trace))


def explain(trace: Trace | Counterexample) -> Mapping[str, str]:
    """Return the sentence about the last cycle of a trace in every language.

    Examples
    --------
    "in cycle 4, after en=1 and q=7 in cycle 3, your q became 0; expected 8";
    "with a=1 and b=0, your y is 1; expected 0".
    """
    if isinstance(trace, Counterexample):
        return trace_of(trace).explanation
    return {language: _sentence(trace, language) for language in messages.LANGUAGES}


def _sentence(trace: Trace, language: str) -> str:
    last = trace.cycles[-1]
    wrong = [name for name in trace.failing if name in last.expected and name in last.got]
    if wrong:
        sentence, others = _output_sentence(trace, wrong[0], language), wrong[1:]
    else:
        sentence, others = _assertion_sentence(trace, language), list(trace.failing[1:])
    if not others:
        return sentence
    ports = ", ".join(map(_name, others[:_MOST_ALSO_WRONG])) + (", …" if len(others) > _MOST_ALSO_WRONG else "")
    return messages.text("trace.also-wrong", language, sentence=sentence, ports=ports)


def _output_sentence(trace: Trace, port: str, language: str) -> str:
    number = len(trace.cycles)
    last = trace.cycles[-1]
    part = _wrong_part(last.expected[port], last.got[port])
    label = _name(port) + ("" if part is None else f"[{len(last.got[port]) - 1 - part}]")
    signed = port in trace.signed and part is None
    got, expected = (_value(_part(bits, part), signed) for bits in (last.got[port], last.expected[port]))
    words = {"port": label, "got": got, "expected": expected, "cycle": str(number)}
    inputs = _relevant_inputs(trace, last)
    if trace.model == "combinational":
        code = "comb-with" if inputs else "comb-always"
        return messages.text(f"trace.{code}", language, conditions=_conditions(inputs, trace.signed, language), **words)

    if number > 1 and _edge_between(trace):
        previous = trace.cycles[-2]
        past = _relevant_inputs(trace, previous)
        same = {name for name, bits in inputs.items() if past.get(name) == bits}
        past = {name: bits for name, bits in past.items() if name not in same}
        before = _conditions(past, trace.signed, language, {label: _part(previous.got[port], part)}, signed)
        changed = "stayed" if _part(previous.got[port], part) == _part(last.got[port], part) else "became"
        words |= {"before": str(number - 1), "past": before}
        if before and not inputs:
            return messages.text(f"trace.{changed}", language, **words)
        if before and trace.model != "cycle":
            # An asynchronous control or the clock itself matters now, but the value may come out of the edge.
            return messages.text(
                f"trace.{changed}-with", language, conditions=_conditions(inputs, trace.signed, language), **words
            )
    if not inputs:
        return messages.text("trace.is-always", language, **words)
    state = {name: bits for name, bits in last.registers.items() if name not in last.got and set(bits) & {"0", "1"}}
    shown = inputs | (state if len(state) <= _MOST_STATE_SHOWN else {})
    conditions = _conditions(shown, trace.signed, language)
    code = "is-with-before-edge" if trace.model == "tick" else "is-with"
    return messages.text(f"trace.{code}", language, conditions=conditions, **words)


def _assertion_sentence(trace: Trace, language: str) -> str:
    last = trace.cycles[-1]
    conditions = _conditions({**_relevant_inputs(trace, last), **last.got}, trace.signed, language)
    words = {
        "port": _name(trace.failing[0]) if trace.failing else "?",
        "cycle": str(len(trace.cycles)),
        "conditions": conditions,
    }
    if not conditions:
        return messages.text("trace.assertion-always", language, **words)
    code = "assertion-comb" if trace.model == "combinational" else "assertion-with"
    return messages.text(f"trace.{code}", language, **words)


def _wrong_part(expected: str, got: str) -> int | None:
    """Return the place of one definite wrong bit where the values are not wholly definite or too wide to show."""
    if set(expected + got) <= {"0", "1"} and len(value_text(got)) <= _LONGEST_VALUE:
        return None
    for place, (want, have) in enumerate(zip(expected, got, strict=True)):
        if want != have and not {"x", "-"} & {want, have}:
            return place if len(got) > 1 else None
    return None


def _part(bits: str, place: int | None) -> str:
    return bits if place is None else bits[place]


def _edge_between(trace: Trace) -> bool:
    """Tell whether a clock edge may lie between the last two cycles."""
    return trace.model == "global-step" or edge_follows(trace.model, trace.cycles[-2].inputs)


def _relevant_inputs(trace: Trace, cycle: Cycle) -> dict[str, str]:
    """Return the inputs of a cycle that matter, without the clock."""
    inputs = visible_inputs(trace.model, trace.clock, cycle.inputs)
    return {name: bits for name, bits in inputs.items() if set(bits) & {"0", "1"}}


def _conditions(
    values: Mapping[str, str],
    signed: frozenset[str],
    language: str,
    labelled: Mapping[str, str] | None = None,
    labelled_signed: bool = False,
) -> str:
    """Return "a=1, b=0 and c=7" in a language, or "" for nothing.

    ``labelled`` values come last, under labels that may be shown as they are.
    """
    items = [item for name, bits in values.items() if (item := _condition(_name(name), bits, name in signed))]
    last = [item for label, bits in (labelled or {}).items() if (item := _condition(label, bits, labelled_signed))]
    room = _MOST_CONDITIONS - len(last)
    if len(items) > room:
        rest = len(items) - (room - 1)
        items = [*items[: room - 1], messages.text("trace.more-inputs", language, count=str(rest))]
    items += last
    if len(items) < 2:
        return "".join(items)
    return messages.text("trace.list-and", language, first=", ".join(items[:-1]), last=items[-1])


def _condition(label: str, bits: str, signed: bool) -> str:
    """Return "d=5", or "d[7:4]=5, d[1]=0" where only those bits matter, or "" where none does."""
    if not {"x", "z", "-"} & set(bits):
        return f"{label}={_value(bits, signed)}"
    parts = []
    for definite, run in itertools.groupby(enumerate(bits), key=lambda item: item[1] in "01"):
        places = list(run)
        if definite:
            high, low = (len(bits) - 1 - places[place][0] for place in (0, -1))
            index = f"[{high}]" if high == low else f"[{high}:{low}]"
            parts.append(f"{label}{index}={_value(''.join(bit for _, bit in places))}")
    return ", ".join(parts[:_MOST_PARTS]) + (", …" if len(parts) > _MOST_PARTS else "")


def _value(bits: str, signed: bool = False) -> str:
    text = value_text(bits, signed)
    if len(text) <= _LONGEST_VALUE:
        return text
    half = _LONGEST_VALUE // 2
    return f"{text[:half]}…{text[1 - half :]}"


def _name(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"
