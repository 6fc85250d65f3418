"""From what a solver answers to a verdict, whatever was asked; a refutation is believed only when it replays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version

from chiploom import __version__
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.logic.clocking import TimeModel
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.explain import trace_of
from chiploom.prove.refutation import counterexample
from chiploom.prove.replay import ReplayResult
from chiploom.prove.subject import Subject
from chiploom.prove.system import Deadline, Refuted
from chiploom.prove.verdict import Limits, Outcome, Verdict

#: What the independent simulator needs for one cell and one cycle, about.
_REPLAY_S = 2.5e-6


def refuted(
    subject: Subject,
    answer: Refuted,
    base: Verdict,
    confirm: Callable[[Counterexample], ReplayResult],
    deadline: Deadline,
) -> Verdict:
    """Turn a run into a refutation, if it replays on the independent simulator."""
    claim = counterexample(subject, answer.stimulus, deadline.part(0.3))
    cycles = len(claim.inputs)
    if cycles * sum(len(netlist.cells) for netlist in subject.netlists) * _REPLAY_S > deadline.remaining_s():
        reason = f"a difference was found in cycle {cycles}, but replaying it on a second simulator would take too long"
        return replace(base, limit_hit="time", reason=reason)
    replayed = confirm(_open_as_x(claim))
    if not replayed.confirmed:
        return replace(
            base,
            limit_hit="replay",
            reason=f"a difference found by {base.method} did not replay: {replayed.reason}",
        )
    trace = trace_of(claim, subject.submission.signed)
    return replace(base, outcome=Outcome.REFUTED, bound=len(trace.cycles), trace=trace)


def _open_as_x(claim: Counterexample) -> Counterexample:
    """Return the claim with x for what depends on inputs that do not matter, as the replay reads it."""

    def opened(rows: tuple[Mapping[str, str], ...]) -> tuple[dict[str, str], ...]:
        return tuple({name: word.replace("-", "x") for name, word in row.items()} for row in rows)

    return replace(claim, expected=opened(claim.expected), got=opened(claim.got), registers=opened(claim.registers))


def unsettled(base: Verdict, bound: int, limits: Limits) -> Verdict:
    """Return ``bounded`` where some depth was shown free of differences, else ``undecided``."""
    reason = f"no decision within {limits.time_s:g} s"
    if bound:
        return replace(base, outcome=Outcome.BOUNDED, method="sat", bound=bound, limit_hit="time", reason=reason)
    return replace(base, limit_hit="time", reason=reason)


def assumptions(subject: Subject, power_up: str) -> list[str]:
    """Say what a verdict about ``subject`` takes for granted about registers and time."""
    out = []
    if subject.model is not TimeModel.COMBINATIONAL:
        out.append(
            "registers of the submission start with any value; its initial values are ignored"
            if power_up == "free"
            else "registers start with their initial values, those without one with any value"
        )
    return out + _time_assumptions(subject.model, subject.clock, subject.clock_edge)


def warnings(subject: Subject, power_up: str) -> Sequence[Diagnostic]:
    """Say what of the submission was not read as its author may think."""
    netlist = subject.submission
    found = []
    if power_up == "free":
        names = {netlist.names[net][0] for net in netlist.power_up if net in netlist.names}
        found += [Diagnostic("prove.initial-ignored", "warning", {"register": name}) for name in sorted(names)]
    loops = {netlist.names[net][0] for net in subject.submission_cut_loops() if net in netlist.names}
    found += [Diagnostic("prove.loop-cut", "warning", {"signal": name}) for name in sorted(loops)]
    return found


@cache
def tool_versions() -> dict[str, str]:
    """Return the versions of everything a verdict depends on."""
    packages = ("pyosys", "pyslang", "python-sat")
    return {"chiploom": __version__, **{name: version(name) for name in packages}}


def _time_assumptions(model: TimeModel, clock: str | None, edge: str) -> list[str]:
    """Say what a step is."""
    if model is TimeModel.CYCLE:
        return [f"one step is one cycle: {edge} of {clock}, inputs stable around it"]
    if model is TimeModel.TICK:
        return [f"outputs are compared between clock edges too; data inputs are stable at each {edge} of {clock}"]
    if model is TimeModel.GLOBAL_STEP:
        return ["clocks are ordinary inputs; at an edge registers take the value their data had before it"]
    return []
