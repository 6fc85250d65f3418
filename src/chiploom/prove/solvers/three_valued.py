"""Induction on hypotheses about what the three-valued reference knows.

Candidates come from simulation (:mod:`chiploom.prove.solvers.candidates`). The largest subset that every step preserves
is found by dropping what a step can violate until nothing is (Houdini: Flanagan and Leino, FME 2001). The first
agreement about a register of the submission takes its place ("1 if certainly one, 0 if certainly zero, else free"), so
that equal structure means equal literals; everything else is a condition.
"""

from __future__ import annotations

from collections.abc import Sequence

from chiploom.logic.aig import FALSE
from chiploom.logic.blast import StateBit
from chiploom.prove.machine import ProductMachine
from chiploom.prove.sat import SatOracle
from chiploom.prove.solvers.candidates import candidates
from chiploom.prove.solvers.hypotheses import Agreement, Hypothesis
from chiploom.prove.system import Answer, Deadline, Proved, Unknown

METHOD = "three-valued"


def solve(machine: ProductMachine, deadline: Deadline) -> Answer:
    """Find the inductive hypotheses, then ask whether any output can differ."""
    hypotheses = candidates(machine)
    known = [state for state in machine.ternary.blasted.states if state.initial != (0, 0)]
    graph = machine.graph
    system = machine.three_valued
    fresh = {id(h.ours): graph.new_input() for h in hypotheses if isinstance(h, Agreement)}
    with SatOracle(graph) as oracle:
        for state in machine.ternary.blasted.states:
            oracle.require(graph.and_(*state.rails) ^ 1)
        while True:
            step = _Step(machine, hypotheses, known, fresh)
            bad, legal = graph.substitute(step.replacement, [system.bad, system.constraint])
            legal = graph.and_all([legal, *(hypothesis.violated(graph, step.before) ^ 1 for hypothesis in hypotheses)])
            unknown_again = [graph.or_(*step.after(state)) ^ 1 for state in known]
            broken_known = _possible(unknown_again, legal, oracle, deadline)
            violations = [hypothesis.violated(graph, step.after) for hypothesis in hypotheses]
            broken = _possible(violations, legal, oracle, deadline)
            if broken is None or broken_known is None:
                return Unknown()
            if not broken and not broken_known:
                return Proved() if oracle.satisfiable([legal, bad], deadline) is False else Unknown()
            hypotheses = [h for index, h in enumerate(hypotheses) if index not in broken]
            known = [state for index, state in enumerate(known) if index not in broken_known]
            if not hypotheses and machine.gate.blasted.states:
                return Unknown()


class _Step:
    """The states before and after a step, with what is taken to hold before it put in their place."""

    def __init__(
        self,
        machine: ProductMachine,
        hypotheses: Sequence[Hypothesis],
        known: Sequence[StateBit],
        fresh: dict[int, int],
    ) -> None:
        graph = machine.graph
        self.replacement: dict[int, int] = {state.rails[1] >> 1: state.rails[0] ^ 1 for state in known}
        for hypothesis in hypotheses:
            if isinstance(hypothesis, Agreement) and hypothesis.ours.rails[0] >> 1 not in self.replacement:
                one, zero = hypothesis.forced(self.before)
                free = fresh[id(hypothesis.ours)]
                self.replacement[hypothesis.ours.rails[0] >> 1] = graph.or_(one, graph.and_(zero ^ 1, free))
        states = (*machine.ternary.blasted.states, *machine.gate.blasted.states)
        following = iter(graph.substitute(self.replacement, [literal for state in states for literal in state.next]))
        self._after = {id(state): tuple(next(following) for _ in state.next) for state in states}

    def before(self, state: StateBit) -> tuple[int, ...]:
        """Return the literals of a state bit before the step."""
        return tuple(self.replacement.get(rail >> 1, rail) for rail in state.rails)

    def after(self, state: StateBit) -> tuple[int, ...]:
        """Return the literals of a state bit after the step."""
        return self._after[id(state)]


def _possible(literals: Sequence[int], legal: int, oracle: SatOracle, deadline: Deadline) -> set[int] | None:
    """Return the positions of the literals that can hold together with ``legal``; None when time runs out."""
    found = set()
    for index, literal in enumerate(literals):
        if literal == FALSE:
            continue
        answer = oracle.satisfiable([legal, literal], deadline)
        if answer is None:
            return None
        if answer:
            found.add(index)
    return found
