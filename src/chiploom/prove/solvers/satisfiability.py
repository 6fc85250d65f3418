"""Bounded model checking by SAT: complete for combinational designs, a search for shallow differences otherwise.

The unrolled steps share one structurally hashed graph, so that constants of the power-up state fold away. Source:
Biere, Cimatti, Clarke and Zhu, "Symbolic Model Checking without BDDs", TACAS 1999.
"""

from __future__ import annotations

from chiploom.logic.aig import FALSE, TRUE
from chiploom.prove.sat import SatOracle
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Proved, Refuted, Stimulus, TransitionSystem, Unknown

METHOD = "sat"

_STEPS = 12


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Decide a combinational product; search the first steps of a sequential one."""
    answer = search(machine.three_valued, _STEPS, deadline)
    if isinstance(answer, Unknown):
        machine.explored = max(machine.explored, answer.bound)
    return answer


def search(system: TransitionSystem, steps: int, deadline: Deadline) -> Answer:
    """Look for a counterexample of at most ``steps`` steps, shortest first.

    Returns
    -------
    Answer
        Refuted with a shortest run; Proved if the system has no latches and none exists; otherwise Unknown with
        the number of steps shown free of differences.
    """
    graph = system.graph
    with SatOracle(graph) as oracle:
        state: dict[int, int] = {}
        initial: dict[int, int] = {}
        for latch in system.latches:
            if latch.initial is None:
                initial[latch.node] = state[latch.node] = graph.new_input()
            else:
                state[latch.node] = latch.initial
        inputs: list[dict[int, int]] = []
        for step in range(1 if not system.latches else steps):
            fresh = {node: graph.new_input() for node in system.inputs}
            inputs.append(fresh)
            roots = [system.bad, system.constraint, *(latch.next for latch in system.latches)]
            bad, legal, *following = graph.substitute({**state, **fresh}, roots)
            if bad != FALSE and legal != FALSE:
                answer = oracle.satisfiable([legal, bad], deadline)
                if answer is None:
                    return Unknown(step)
                if answer:
                    return Refuted(_stimulus(oracle.model(), initial, inputs))
            if legal == FALSE:
                return Proved() if not system.latches else Unknown(step)
            oracle.require(legal)
            state = {latch.node: value for latch, value in zip(system.latches, following, strict=True)}
            if deadline.remaining_s() <= 0:
                return Unknown(step + 1)
    return Proved() if not system.latches else Unknown(steps)


def legal_run(system: TransitionSystem, steps: int, deadline: Deadline) -> bool | None:
    """Tell whether some run of ``steps`` steps is legal throughout; None when the deadline passes first."""
    graph = system.graph
    with SatOracle(graph) as oracle:
        state = {latch.node: graph.new_input() if latch.initial is None else latch.initial for latch in system.latches}
        for _ in range(steps):
            fresh = {node: graph.new_input() for node in system.inputs}
            legal, *following = graph.substitute(
                {**state, **fresh}, [system.constraint, *(latch.next for latch in system.latches)]
            )
            oracle.require(legal)
            state = {latch.node: value for latch, value in zip(system.latches, following, strict=True)}
        return oracle.satisfiable([TRUE], deadline)


def _stimulus(model: dict[int, int], initial: dict[int, int], inputs: list[dict[int, int]]) -> Stimulus:
    return Stimulus(
        {node: model[literal >> 1] for node, literal in initial.items() if literal >> 1 in model},
        tuple({node: model[literal >> 1] for node, literal in row.items() if literal >> 1 in model} for row in inputs),
    )
