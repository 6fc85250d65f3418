"""k-induction: from any k legal steps without a difference, can the next one differ?

The base case is what bounded search has shown already (``machine.explored`` steps from power-up). Source: Sheeran,
Singh and Stalmarck, "Checking Safety Properties Using Induction and a SAT-Solver", FMCAD 2000. It closes what single
induction on registers cannot: designs that compute the same in another order within a bounded number of steps.
"""

from __future__ import annotations

from chiploom.logic.aig import FALSE
from chiploom.prove.sat import SatOracle
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Proved, Unknown

METHOD = "k-induction"

_LONGEST = 12


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Look for the smallest k, up to what bounded search has explored, whose inductive step holds."""
    system = machine.three_valued
    graph = system.graph
    exclusive = [graph.and_(*state.rails) ^ 1 for state in machine.judge_states() if len(state.rails) == 2]
    with SatOracle(graph) as oracle:
        for literal in exclusive:
            oracle.require(literal)
        state = {latch.node: latch.node << 1 for latch in system.latches}
        for _ in range(min(machine.explored, _LONGEST) + 1):
            fresh = {node: graph.new_input() for node in system.inputs}
            roots = [system.bad, system.constraint, *(latch.next for latch in system.latches)]
            bad, legal, *following = graph.substitute({**state, **fresh}, roots)
            oracle.require(legal)
            answer = oracle.satisfiable([bad], deadline) if bad != FALSE else False
            if answer is None:
                return Unknown(machine.explored)
            if not answer:
                return Proved()
            oracle.require(bad ^ 1)
            state = {latch.node: value for latch, value in zip(system.latches, following, strict=True)}
    return Unknown(machine.explored)
