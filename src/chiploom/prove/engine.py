"""The engine: ask the solvers in order of cost, believe a refutation only when it replays, and write the verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

from chiploom import __version__
from chiploom.errors import LimitReached, ReferenceError_
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.netlist import Netlist
from chiploom.hdl.read import Elaborated
from chiploom.logic.blast import TimeModel
from chiploom.prove import vacuity
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.explain import explain
from chiploom.prove.interface import compare_ports
from chiploom.prove.machine import ProductMachine
from chiploom.prove.refutation import Subject, counterexample
from chiploom.prove.replay import ReplayResult, replay
from chiploom.prove.solvers import abc, induction, random_simulation, satisfiability, structural, three_valued
from chiploom.prove.system import Answer, Deadline, Proved, Refuted
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.vacuity import VacuousBit, vacuous_bits
from chiploom.prove.verdict import Limits, Outcome, Verdict

__all__ = ["VacuousBit", "prove", "tool_versions", "vacuous_bits"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One solver, with the share of the remaining time it may use."""

    method: str
    solve: Callable[[ProductMachine, Deadline], Answer]
    share: float


#: Cheapest first. The concrete solvers come before those that use the reference's freedom.
_COMBINATIONAL = (
    Attempt(structural.METHOD, structural.solve, 1.0),
    Attempt(random_simulation.METHOD, random_simulation.solve, 0.3),
    Attempt(satisfiability.METHOD, satisfiability.solve, 0.5),
    Attempt(abc.METHOD, abc.solve, 1.0),
)
_SEQUENTIAL = (
    Attempt(structural.METHOD, structural.solve, 1.0),
    Attempt(random_simulation.METHOD, random_simulation.solve, 0.2),
    Attempt(induction.METHOD, induction.solve, 0.2),
    Attempt(three_valued.METHOD, three_valued.solve, 0.2),
    Attempt(satisfiability.METHOD, satisfiability.solve, 0.1),
    Attempt(random_simulation.METHOD, random_simulation.solve_deep, 0.1),
    Attempt(abc.METHOD, abc.solve, 1.0),
)
#: Methods that never used an unknown of the reference as "any answer is right".
_CONCRETE_METHODS = frozenset({structural.METHOD, induction.METHOD})


def prove(
    reference: Elaborated,
    submission: Elaborated,
    *,
    environment: Elaborated | None = None,
    power_up: str = "free",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Verdict:
    """Decide whether a submission equals a reference.

    Parameters
    ----------
    reference, submission, environment : Elaborated
        Flattened designs; the environment is the author's ``assume_ok``/``compare_<port>`` module.
    power_up : {"free", "initial"}
        Whether the submission's own ``initial`` counts.
    limits : Limits
        Time and size.

    Raises
    ------
    ReferenceError_
        ``vacuous-reference`` when the verdict would rest on output bits the reference never defines;
        ``environment-blocks`` when the environment allows no run; ``environment-ports`` when it does not fit.
    """
    started = time.monotonic()
    deadline = Deadline(limits.time_s)
    differences = compare_ports(reference.netlist, submission.netlist)
    base = Verdict(
        warnings=submission.warnings,
        limits=limits,
        tools=tool_versions(),
        reason="",
    )
    if differences:
        return _timed(replace(base, outcome=Outcome.REJECTED, method="interface", diagnostics=differences), started)
    if environment is not None:
        check_environment(reference.netlist, environment.netlist)
    try:
        machine = ProductMachine(
            reference.netlist,
            submission.netlist,
            environment.netlist if environment is not None else None,
            power_up=power_up,
            node_limit=limits.aig_nodes,
        )
        verdict = _decide(machine, base, deadline, limits)
    except LimitReached as reached:
        verdict = replace(base, limit_hit=reached.limit, reason=reached.message)
    return _timed(verdict, started)


def check_environment(reference: Netlist, environment: Netlist) -> None:
    """Refuse an environment whose ports do not fit the task.

    Raises
    ------
    ReferenceError_
        ``environment-ports``.
    """
    for port in environment.ports.values():
        if port.direction == "output":
            target = port.name.removeprefix("compare_")
            fits = port.name == "assume_ok" or (port.name.startswith("compare_") and target in reference.ports)
            if not fits or port.width != 1:
                raise ReferenceError_(
                    "environment-ports",
                    f"environment output '{port.name}' must be assume_ok or compare_<output port>, one bit wide",
                )
            continue
        known = reference.ports.get(port.name)
        if known is None or known.width != port.width:
            raise ReferenceError_(
                "environment-ports",
                f"environment input '{port.name}' ({port.width} bits) is not a port of the reference of that width",
            )


@cache
def tool_versions() -> dict[str, str]:
    """Return the versions of everything a verdict depends on."""
    packages = ("pyosys", "pyslang", "python-sat")
    return {"chiploom": __version__, **{name: version(name) for name in packages}}


def _decide(machine: ProductMachine, base: Verdict, deadline: Deadline, limits: Limits) -> Verdict:
    attempts = _COMBINATIONAL if machine.model is TimeModel.COMBINATIONAL else _SEQUENTIAL
    base = replace(base, assumptions=_assumptions(machine), warnings=(*base.warnings, *_machine_warnings(machine)))
    if machine.environment is not None and vacuity.blocks_every_run(machine, min(5.0, deadline.remaining_s())):
        raise ReferenceError_(
            "environment-blocks", "the environment's assume_ok allows no run at all, so nothing could be shown"
        )
    bound = 0
    for attempt in attempts:
        answer = attempt.solve(machine, deadline.part(attempt.share))
        if isinstance(answer, Proved):
            return _proved(machine, replace(base, method=attempt.method), deadline)
        if isinstance(answer, Refuted):
            return refuted(
                machine,
                answer,
                replace(base, method=attempt.method),
                lambda claim: replay(claim, machine.reference, machine.submission, machine.environment),
            )
        bound = max(bound, answer.bound)
    return unsettled(base, bound, limits)


def _proved(machine: ProductMachine, base: Verdict, deadline: Deadline) -> Verdict:
    verdict = replace(base, outcome=Outcome.PROVED)
    if base.method in _CONCRETE_METHODS:
        return verdict
    vacuous = vacuity.never_certain(machine, max(1.0, deadline.remaining_s()))
    if vacuous:
        bits = ", ".join(f"{bit.port}[{bit.index}]" for bit in vacuous[:8])
        raise ReferenceError_(
            "vacuous-reference",
            f"the reference never defines {bits} (a register without reset or initial value?), so any answer would "
            "pass; give it a reset, an initial value, or an environment",
        )
    return verdict


def refuted(
    subject: Subject, answer: Refuted, base: Verdict, confirm: Callable[[Counterexample], ReplayResult]
) -> Verdict:
    """Turn a run into a refutation, if it replays on the independent simulator."""
    claim = counterexample(subject, answer.stimulus)
    replayed = confirm(claim)
    if not replayed.confirmed:
        return replace(
            base,
            limit_hit="replay",
            reason=f"a difference found by {base.method} did not replay: {replayed.reason}",
        )
    cycles = tuple(Cycle(*step) for step in zip(claim.inputs, claim.expected, claim.got, claim.registers, strict=True))
    trace = Trace(claim.model, claim.clock, cycles, claim.failing, {})
    return replace(
        base,
        outcome=Outcome.REFUTED,
        bound=len(cycles),
        trace=replace(trace, explanation=explain(trace)),
    )


def unsettled(base: Verdict, bound: int, limits: Limits) -> Verdict:
    """Return ``bounded`` where some depth was shown free of differences, else ``undecided``."""
    reason = f"no decision within {limits.time_s:g} s"
    if bound:
        return replace(base, outcome=Outcome.BOUNDED, method="sat", bound=bound, limit_hit="time", reason=reason)
    return replace(base, limit_hit="time", reason=reason)


def _timed(verdict: Verdict, started: float) -> Verdict:
    return replace(verdict, seconds=time.monotonic() - started)


def _assumptions(machine: ProductMachine) -> tuple[str, ...]:
    out = ["where the reference is unknown (x), any answer is right"]
    if machine.model is not TimeModel.COMBINATIONAL:
        out.append(
            "registers of the submission start with any value; its initial values are ignored"
            if machine.power_up == "free"
            else "registers start with their initial values, those without one with any value"
        )
    out += time_assumptions(machine.model, machine.clock, machine.clock_edge)
    if machine.environment is not None:
        out.append("the environment's assume_ok holds in every step")
    return tuple(out)


def time_assumptions(model: TimeModel, clock: str | None, edge: str) -> list[str]:
    """Say what a step is."""
    if model is TimeModel.CYCLE:
        return [f"one step is one cycle: {edge} of {clock}, inputs stable around it"]
    if model is TimeModel.TICK:
        return [f"outputs are compared between clock edges too; data inputs are stable at each {edge} of {clock}"]
    if model is TimeModel.GLOBAL_STEP:
        return ["clocks are ordinary inputs; at an edge registers take the value their data had before it"]
    return []


def _machine_warnings(machine: ProductMachine) -> Sequence[Diagnostic]:
    found = []
    if machine.power_up == "free":
        names = {
            machine.submission.names[net][0] for net in machine.submission.power_up if net in machine.submission.names
        }
        found += [Diagnostic("prove.initial-ignored", "warning", {"register": name}) for name in sorted(names)]
    loops = {
        machine.submission.names[net][0] for net in machine.gate.blasted.cut_loops if net in machine.submission.names
    }
    found += [Diagnostic("prove.loop-cut", "warning", {"signal": name}) for name in sorted(loops)]
    return found
