"""Induction on "wherever the reference's register is known, the submission's equals it", three-valued.

Candidates come from simulation: a submission register that agreed (or disagreed) with a reference register in every
run wherever the latter was known. Each hypothesis replaces the submission's register by "1 if certainly one, 0 if
certainly zero, else free". The largest inductive subset is found as in :mod:`chiploom.prove.solvers.induction`.
"""

from __future__ import annotations

from dataclasses import dataclass

from chiploom.logic.aig import FALSE
from chiploom.logic.blast import StateBit
from chiploom.prove.machine import ProductMachine
from chiploom.prove.sat import SatOracle
from chiploom.prove.system import Answer, Deadline, Proved, Unknown

METHOD = "three-valued"

_MAX_COMPARISONS = 60_000


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    """Where the reference bit is known, the submission's bit equals it (or its complement)."""

    ours: StateBit
    theirs: StateBit
    inverted: bool

    def rails(self, one: int, zero: int) -> tuple[int, int]:
        """Return what must imply our bit being 1 and being 0."""
        return (zero, one) if self.inverted else (one, zero)


def solve(machine: ProductMachine, deadline: Deadline) -> Answer:
    """Find the inductive hypotheses, then ask whether any output can differ."""
    hypotheses = _candidates(machine)
    known = _always_known(machine)
    graph = machine.graph
    system = machine.three_valued
    constraint = system.constraint
    fresh = {hypothesis.ours.rails[0]: graph.new_input() for hypothesis in hypotheses}
    with SatOracle(graph) as oracle:
        for state in machine.ternary.blasted.states:
            oracle.require(graph.and_(*state.rails) ^ 1)
        while True:
            replacement: dict[int, int] = {}
            for state in known:
                replacement[state.rails[1] >> 1] = state.rails[0] ^ 1
            for h in hypotheses:
                zero_rail = replacement.get(h.theirs.rails[1] >> 1, h.theirs.rails[1])
                one, zero = h.rails(h.theirs.rails[0], zero_rail)
                node = h.ours.rails[0]
                replacement[node >> 1] = graph.or_(one, graph.and_(zero ^ 1, fresh[node]))
            bad, legal = graph.substitute(replacement, [system.bad, constraint])
            broken_known = _broken(_unknown_next(machine, replacement, known), legal, oracle, deadline)
            broken = _broken(_violations(machine, replacement, hypotheses), legal, oracle, deadline)
            if broken is None or broken_known is None:
                return Unknown()
            if not broken and not broken_known:
                return Proved() if oracle.satisfiable([legal, bad], deadline) is False else Unknown()
            hypotheses = [h for index, h in enumerate(hypotheses) if index not in broken]
            known = [state for index, state in enumerate(known) if index not in broken_known]
            if not hypotheses and machine.gate.blasted.states:
                return Unknown()


def _unknown_next(machine: ProductMachine, replacement: dict[int, int], known: list[StateBit]) -> list[int]:
    """Return, per state taken to be always known, the literal of "its next value is unknown"."""
    graph = machine.graph
    rebuilt = graph.substitute(replacement, [rail for state in known for rail in state.next])
    return [graph.and_(rebuilt[i] ^ 1, rebuilt[i + 1] ^ 1) for i in range(0, len(rebuilt), 2)]


def _violations(machine: ProductMachine, replacement: dict[int, int], hypotheses: list[_Hypothesis]) -> list[int]:
    graph = machine.graph
    roots = [literal for h in hypotheses for literal in (h.ours.next[0], *h.theirs.next)]
    rebuilt = graph.substitute(replacement, roots)
    out = []
    for index, hypothesis in enumerate(hypotheses):
        ours, one, zero = rebuilt[3 * index : 3 * index + 3]
        one, zero = hypothesis.rails(one, zero)
        out.append(graph.or_(graph.and_(one, ours ^ 1), graph.and_(zero, ours)))
    return out


def _broken(violations: list[int], legal: int, oracle: SatOracle, deadline: Deadline) -> set[int] | None:
    broken = set()
    for index, violation in enumerate(violations):
        if violation == FALSE:
            continue
        answer = oracle.satisfiable([legal, violation], deadline)
        if answer is None:
            return None
        if answer:
            broken.add(index)
    return broken


def _always_known(machine: ProductMachine) -> list[StateBit]:
    return [state for state in machine.ternary.blasted.states if state.initial != (0, 0)]


def _candidates(machine: ProductMachine) -> list[_Hypothesis]:
    signatures = machine.signatures
    lanes = machine.signature_lanes
    gold = [
        (state, signatures[state.rails[0] >> 1] & lanes, signatures[state.rails[1] >> 1] & lanes)
        for state in machine.ternary.blasted.states
        if state.rails[0] >> 1 in signatures and state.rails[1] >> 1 in signatures
    ]
    gold = [entry for entry in gold if entry[1] | entry[2]]
    by_label = {entry[0].label: entry for entry in gold}
    gate = [state for state in machine.gate.blasted.states if state.rails[0] >> 1 in signatures]
    out = []
    search = gold if len(gold) * len(gate) <= _MAX_COMPARISONS else []
    for state in gate:
        ours = signatures[state.rails[0] >> 1] & lanes
        same_name = by_label.get(state.label)
        entries = ([same_name] if same_name is not None else []) + search
        for theirs, one, zero in entries:
            straight = not (one & ~ours or zero & ours)
            inverted = not straight and not (one & ours or zero & ~ours)
            if (straight or inverted) and _same_start(state, theirs, inverted):
                out.append(_Hypothesis(state, theirs, inverted))
                break
    return out


def _same_start(ours: StateBit, theirs: StateBit, inverted: bool) -> bool:
    if theirs.initial == (0, 0):
        return True
    one = theirs.initial[0]
    return ours.initial[0] is not None and one is not None and ours.initial[0] == one ^ int(inverted)
