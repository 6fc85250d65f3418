"""Does a submission equal a reference? The solvers are asked in order of cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chiploom.errors import LimitReached, ReferenceError_
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.read import Elaborated
from chiploom.logic.clocking import TimeModel
from chiploom.prove import vacuity
from chiploom.prove.interface import asynchronous_loops, compare_ports
from chiploom.prove.judgement import assumptions, refuted, tool_versions, unsettled, warnings
from chiploom.prove.machine import ProductMachine
from chiploom.prove.reference import Reference, is_monotone
from chiploom.prove.replay import replay
from chiploom.prove.solvers import (
    abc,
    deep_simulation,
    induction,
    k_induction,
    random_simulation,
    satisfiability,
    structural,
    three_valued,
)
from chiploom.prove.system import Answer, Deadline, Proved, Refuted
from chiploom.prove.verdict import Limits, Outcome, Verdict


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
    Attempt(induction.METHOD, induction.solve, 0.4),
    Attempt(three_valued.METHOD, three_valued.solve, 0.2),
    Attempt(k_induction.METHOD, k_induction.solve, 0.1),
    Attempt(deep_simulation.METHOD, deep_simulation.solve_soon, 0.1),
    Attempt(abc.METHOD, abc.solve, 0.12),
    Attempt(satisfiability.METHOD, satisfiability.solve, 0.1),
    Attempt(deep_simulation.METHOD, deep_simulation.solve, 0.4),
    Attempt(abc.METHOD, abc.solve, 1.0),
)
#: Runs of a submission with latches made of gates that are tried on the simulator before giving up.
_LOOP_SEARCHES = 4
#: Methods that never used an unknown of the reference as "any answer is right".
_CONCRETE_METHODS = frozenset({structural.METHOD, induction.METHOD})


def prove(
    reference: Reference,
    submission: Elaborated,
    *,
    power_up: str = "free",
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Verdict:
    """Decide whether a submission equals a reference.

    Parameters
    ----------
    reference : Reference
        From :func:`chiploom.prove.reference.prepare_reference`.
    submission : Elaborated
        A flattened design.
    power_up : {"free", "initial"}
        Whether the submission's own ``initial`` counts.
    limits : Limits
        Time and size.

    Raises
    ------
    ReferenceError_
        ``vacuous-reference`` when the verdict would rest on output bits the reference never defines.
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
    try:
        if reference.beyond is not None:
            raise LimitReached(*reference.beyond)
        machine = ProductMachine(
            reference.netlist,
            submission.netlist,
            reference.rules,
            power_up=power_up,
            node_limit=limits.aig_nodes,
            built=reference.built,
        )
        verdict = _decide(machine, reference, base, deadline, limits)
    except LimitReached as reached:
        verdict = replace(base, limit_hit=reached.limit, reason=reached.message)
    return _timed(verdict, started)


def _decide(
    machine: ProductMachine, reference: Reference, base: Verdict, deadline: Deadline, limits: Limits
) -> Verdict:
    attempts = _COMBINATIONAL if machine.model is TimeModel.COMBINATIONAL else _SEQUENTIAL
    base = replace(
        base, assumptions=_assumptions(machine), warnings=(*base.warnings, *warnings(machine, machine.power_up))
    )
    loops = asynchronous_loops(machine.submission, machine.gate.blasted.cut_loops)
    if loops:
        return replace(base, outcome=Outcome.REJECTED, method="interface", diagnostics=loops)
    bound = 0
    monotone = _is_monotone(machine, reference, deadline)
    for attempt in attempts:
        if attempt.method in _CONCRETE_METHODS and not monotone:
            continue
        answer = attempt.solve(machine, deadline.part(attempt.share))
        if isinstance(answer, Proved):
            return _proved(machine, reference, replace(base, method=attempt.method), deadline, limits)
        if isinstance(answer, Refuted):
            verdict = _refuted(machine, reference, answer, replace(base, method=attempt.method), deadline)
            if verdict.outcome is not Outcome.REFUTED and machine.gate.blasted.cut_loops:
                return _refute_with_loops(machine, reference, verdict, deadline, limits)
            return verdict
        bound = max(bound, answer.bound)
    return unsettled(base, bound, limits)


def _is_monotone(machine: ProductMachine, reference: Reference, deadline: Deadline) -> bool:
    if reference.built is not None and reference.built.frame == machine.frame:
        return reference.is_monotone
    # The submission uses clocks in another way, in which nothing was shown of the reference yet.
    itself = ProductMachine(machine.reference, machine.reference, machine.environment, power_up="initial")
    return is_monotone(itself, deadline.part(0.3))


def _refuted(
    machine: ProductMachine, reference: Reference, answer: Refuted, base: Verdict, deadline: Deadline
) -> Verdict:
    return refuted(
        machine,
        answer,
        base,
        lambda claim: replay(claim, machine.reference, machine.submission, machine.environment, known=reference.texts),
        deadline,
    )


def _refute_with_loops(
    machine: ProductMachine, reference: Reference, failed: Verdict, deadline: Deadline, limits: Limits
) -> Verdict:
    """Look for a difference with loops of gates read as latches; return ``failed`` where there is none."""
    held = ProductMachine(
        machine.reference,
        machine.submission,
        machine.environment,
        power_up=machine.power_up,
        node_limit=limits.aig_nodes,
        hold_loops=True,
    )
    searches: list[Callable[[], Answer]] = [
        partial(random_simulation.solve_quietly, held, deadline.part(0.5), seed) for seed in range(_LOOP_SEARCHES)
    ]
    if failed.outcome is not Outcome.PROVED:
        # Something differs, so it is worth looking further.
        searches.append(lambda: deep_simulation.solve_soon(held, deadline.part(0.5)))
    for search in searches:
        answer = search()
        if isinstance(answer, Refuted):
            found = replace(failed, method=random_simulation.METHOD, limit_hit=None, reason="")
            verdict = _refuted(held, reference, answer, found, deadline)
            if verdict.outcome is Outcome.REFUTED:
                return verdict
    return failed


def _proved(
    machine: ProductMachine, reference: Reference, base: Verdict, deadline: Deadline, limits: Limits
) -> Verdict:
    verdict = replace(base, outcome=Outcome.PROVED)
    if base.method in _CONCRETE_METHODS:
        return verdict
    if machine.ternary.blasted.cut_loops:
        # A reference that holds a value in a loop of gates was taken to be unknown there.
        taken = "where a combinational loop of the reference holds a value, any answer is right"
        verdict = replace(verdict, assumptions=(*verdict.assumptions, taken))
        verdict = _refute_with_loops(machine, reference, verdict, deadline, limits)
        if verdict.outcome is not Outcome.PROVED:
            return verdict
    vacuous = vacuity.never_certain(machine, max(1.0, deadline.remaining_s()))
    if not vacuous:
        return verdict
    bits = ", ".join(f"{bit.port}[{bit.index}]" for bit in vacuous[:8])
    ports = machine.reference.ports
    if any(sum(bit.port == name for bit in vacuous) == port.width for name, port in ports.items()):
        raise ReferenceError_(
            "vacuous-reference",
            f"the reference never defines {bits} (a register without reset or initial value?), so any answer would "
            "pass; give it a reset, an initial value, or an environment",
        )
    # A bit that is open by intention beside others that are not: the rest of the port was compared.
    open_bits = Diagnostic("prove.reference-unknown", "warning", {"bits": bits})
    return replace(verdict, warnings=(*verdict.warnings, open_bits))


def _timed(verdict: Verdict, started: float) -> Verdict:
    return replace(verdict, seconds=time.monotonic() - started)


def _assumptions(machine: ProductMachine) -> tuple[str, ...]:
    out = ["where the reference is unknown (x), any answer is right", *assumptions(machine, machine.power_up)]
    if machine.environment is not None and "assume_ok" in machine.environment.ports:
        out.append("the inputs keep what the task promises about them in every step (the environment's assume_ok)")
    if machine.environment is not None and any(name.startswith("compare_") for name in machine.environment.ports):
        out.append("outputs are compared only where the task says that they count (the environment's compare_...)")
    return tuple(out)
