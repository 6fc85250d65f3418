"""k-induction: from any k legal steps without a difference, can the next one differ?

Source: Sheeran, Singh and Stalmarck, "Checking Safety Properties Using Induction and a SAT-Solver", FMCAD 2000. It
closes what single induction on registers cannot: designs that compute the same in another order within a bounded number
of steps. The step is asked before the base case: where it holds, it mostly holds for a small k, and k steps from
power-up are searched much faster than as many as a search for differences would look at.
"""

from __future__ import annotations

from chiploom.logic.aig import FALSE
from chiploom.prove.sat import SatOracle
from chiploom.prove.solvers import satisfiability
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Proved, Unknown

METHOD = "k-induction"

_LONGEST = 12


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Look for the smallest k whose inductive step holds; then search the first k steps from power-up."""
    k = _smallest(machine, deadline)
    if k is None:
        return Unknown(machine.explored)
    if machine.explored < k:
        base = satisfiability.search(machine.three_valued, k, deadline)
        if not isinstance(base, Unknown):
            return base
        machine.explored = max(machine.explored, base.bound)
    return Proved() if machine.explored >= k else Unknown(machine.explored)


def _smallest(machine: Subject, deadline: Deadline) -> int | None:
    """Return the smallest number of steps without a difference after which the next has none either."""
    system = machine.three_valued
    graph = system.graph
    exclusive = [graph.and_(*state.rails) ^ 1 for state in machine.judge_states() if len(state.rails) == 2]
    with SatOracle(graph) as oracle:
        for literal in exclusive:
            oracle.require(literal)
        state = {latch.node: latch.node << 1 for latch in system.latches}
        for k in range(_LONGEST + 1):
            fresh = {node: graph.new_input() for node in system.inputs}
            roots = [system.bad, system.constraint, *(latch.next for latch in system.latches)]
            bad, legal, *following = graph.substitute({**state, **fresh}, roots)
            oracle.require(legal)
            answer = oracle.satisfiable([bad], deadline) if bad != FALSE else False
            if answer is None:
                return None
            if not answer:
                return k
            oracle.require(bad ^ 1)
            state = {latch.node: value for latch, value in zip(system.latches, following, strict=True)}
    return None
