"""Induction on "corresponding registers are equal", with the concrete reference.

The largest inductive subset of the pairs is found by dropping every pair that a step can break until none breaks
(Houdini: Flanagan and Leino, FME 2001; register correspondence: van Eijk, IEEE TCAD 19(7), 2000). What is dropped
is never reported as a difference.
"""

from __future__ import annotations

from chiploom.logic.aig import FALSE
from chiploom.prove.machine import ProductMachine
from chiploom.prove.sat import SatOracle
from chiploom.prove.solvers import matching
from chiploom.prove.solvers.behaviour import by_behaviour
from chiploom.prove.system import Answer, Deadline, Proved, Unknown

METHOD = "induction"


def solve(machine: ProductMachine, deadline: Deadline) -> Answer:
    """Try the pairs by name, then, where they do not carry a proof, the pairs by behaviour."""
    answer = _induction(machine, matching.by_name(machine), deadline.part(0.4))
    if isinstance(answer, Proved) or not machine.gate.blasted.states:
        return answer
    for complements in (False, True):
        answer = _induction(machine, by_behaviour(machine, complements=complements), deadline.part(0.6))
        if isinstance(answer, Proved):
            break
    return answer


def _induction(machine: ProductMachine, pairing: matching.Pairing, deadline: Deadline) -> Answer:
    """Find the inductive pairs, then ask whether any output can differ."""
    constraint = machine.concrete.assume
    with SatOracle(machine.graph) as oracle:
        while True:
            outputs, following = matching.goals(machine, pairing)
            kept = []
            for pair, differs in zip(pairing.states, following, strict=True):
                breaks = oracle.satisfiable([constraint, differs], deadline) if differs != FALSE else False
                if breaks is None:
                    return Unknown()
                if not breaks:
                    kept.append(pair)
            if len(kept) == len(pairing.states):
                break
            if not kept:
                return Unknown()
            pairing = matching.Pairing(tuple(kept), pairing.free)
        for wrong in outputs:
            if wrong != FALSE and oracle.satisfiable([constraint, wrong], deadline) is not False:
                return Unknown()
    return Proved()
