"""The sentence that says what happened: in which cycle, after what, what came out and what should have.

Cycles are numbered as in :mod:`chiploom.prove.trace`: index plus 1. Only inputs that matter are named (no x); where
none of the last cycle matters, the output came out of a register and the cycle before is what it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chiploom import messages
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.trace import Cycle, Trace, edge_follows, printable, value_text, visible_inputs

_MOST_CONDITIONS = 6
_MOST_ALSO_WRONG = 6
_LONGEST_NAME = 60


def trace_of(counterexample: Counterexample) -> Trace:
    """Return the trace to show for a counterexample that was replayed, with its explanation."""
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
    if not wrong:
        return _assertion_sentence(trace, language)
    sentence = _output_sentence(trace, wrong[0], language)
    others = [_name(name) for name in wrong[1:]]
    if others:
        shown = ", ".join(others[:_MOST_ALSO_WRONG]) + (", …" if len(others) > _MOST_ALSO_WRONG else "")
        sentence = messages.text("trace.also-wrong", language, sentence=sentence, ports=shown)
    return sentence


def _output_sentence(trace: Trace, port: str, language: str) -> str:
    number = len(trace.cycles)
    last = trace.cycles[-1]
    expected = value_text(last.expected[port])
    if "x" in last.expected[port]:
        expected = messages.text("trace.any-value", language, value=expected)
    words = {"port": _name(port), "got": value_text(last.got[port]), "expected": expected}
    now = _conditions(_relevant_inputs(trace, last), language)
    if trace.model == "combinational":
        return messages.text("trace.comb-with" if now else "trace.comb-always", language, conditions=now, **words)
    if now:
        code = "trace.is-with-before-edge" if trace.model == "tick" else "trace.is-with"
        state = _definite({name: bits for name, bits in last.registers.items() if name not in last.got})
        matter = _relevant_inputs(trace, last) | (state if len(state) <= 2 else {})
        now = _conditions(matter, language)
        return messages.text(code, language, cycle=str(number), conditions=now, **words)
    if number > 1 and _edge_between(trace):
        previous = trace.cycles[-2]
        before = {**_relevant_inputs(trace, previous), **_definite({port: previous.got[port]})}
        conditions = _conditions(before, language)
        if conditions:
            code = "trace.stayed" if previous.got[port] == last.got[port] else "trace.became"
            return messages.text(
                code, language, cycle=str(number), before=str(number - 1), conditions=conditions, **words
            )
    return messages.text("trace.is-always", language, cycle=str(number), **words)


def _assertion_sentence(trace: Trace, language: str) -> str:
    last = trace.cycles[-1]
    conditions = _conditions({**_relevant_inputs(trace, last), **_definite(last.got)}, language)
    name = _name(trace.failing[0]) if trace.failing else "?"
    words = {"port": name, "cycle": str(len(trace.cycles))}
    if trace.model == "combinational" and conditions:
        sentence = messages.text("trace.assertion-comb", language, port=name, conditions=conditions)
    elif conditions:
        sentence = messages.text("trace.assertion-with", language, conditions=conditions, **words)
    else:
        sentence = messages.text("trace.assertion-always", language, **words)
    others = [_name(other) for other in trace.failing[1:]]
    if others:
        sentence = messages.text("trace.also-wrong", language, sentence=sentence, ports=", ".join(others))
    return sentence


def _edge_between(trace: Trace) -> bool:
    """Tell whether a clock edge lies between the last two cycles."""
    return trace.model == "global-step" or edge_follows(trace.model, trace.cycles[-2].inputs)


def _relevant_inputs(trace: Trace, cycle: Cycle) -> dict[str, str]:
    """Return the inputs of a cycle that matter, without the clock."""
    return _definite(visible_inputs(trace.model, trace.clock, cycle.inputs))


def _definite(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that are not wholly open."""
    return {name: bits for name, bits in values.items() if set(bits) & {"0", "1"}}


def _conditions(values: Mapping[str, str], language: str) -> str:
    """Return "a=1, b=0 and c=7" in a language, or "" for nothing."""
    items = [f"{_name(name)}={value_text(bits)}" for name, bits in values.items()]
    if len(items) > _MOST_CONDITIONS:
        rest = len(items) - (_MOST_CONDITIONS - 1)
        items = [*items[: _MOST_CONDITIONS - 1], messages.text("trace.more-inputs", language, count=str(rest))]
    if len(items) < 2:
        return "".join(items)
    return messages.text("trace.list-and", language, first=", ".join(items[:-1]), last=items[-1])


def _name(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST_NAME else shown[: _LONGEST_NAME - 1] + "…"
