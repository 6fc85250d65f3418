"""Pairs of registers that correspond by behaviour, whatever their names: partition refinement by simulation.

All registers of both designs start in one class (per power-up value). Each round gives every class a random word,
simulates one step of both designs on shared inputs, and splits classes by the words their registers would take next.
Registers that stay in one class are candidates: memory words, bits of renamed or reordered registers. Source: van
Eijk, "Sequential Equivalence Checking Based on Structural Similarities", IEEE TCAD 19(7), 2000, section III, with
simulation in place of the proof of each refinement, which the induction that follows supplies.
"""

from __future__ import annotations

import random

from chiploom.logic.blast import StateBit
from chiploom.logic.simulation import literal_value, program, run
from chiploom.prove.machine import ProductMachine
from chiploom.prove.solvers.matching import Pairing, paired_unknowns

_LANES = 512
_ROUNDS = 64


def by_behaviour(machine: ProductMachine) -> Pairing:
    """Pair state bits of the submission with state bits of the concrete reference."""
    gate, gold = machine.gate.blasted.states, machine.concrete.blasted.states
    free = paired_unknowns(machine)
    classes = _refined(machine, [*gate, *gold], free)
    members: dict[int, tuple[list[StateBit], list[StateBit]]] = {}
    for index, state in enumerate((*gate, *gold)):
        members.setdefault(classes[index], ([], []))[index >= len(gate)].append(state)
    pairs = [
        (ours, theirs)
        for mine, others in members.values()
        for ours, theirs in zip(mine, others, strict=False)
        if theirs.initial[0] in (None, ours.initial[0])
    ]
    return Pairing(tuple(pairs), free)


def _refined(machine: ProductMachine, states: list[StateBit], free: dict[int, int]) -> list[int]:
    graph = machine.graph
    draw = random.Random(0).getrandbits
    mask = (1 << _LANES) - 1
    roots = [state.next[0] for state in states]
    cone = graph.cone(roots)
    compiled = program(graph, [node for node in cone if graph.is_and(node)], mask)
    nodes = [state.rails[0] >> 1 for state in states]
    owned = set(nodes)
    inputs = [node for node in cone if not graph.is_and(node) and node not in owned]
    values = [0] * len(graph)
    # Registers that start with different known values cannot correspond; a free one may go with any.
    classes = _numbered([state.initial[0] if state.net else f"auxiliary {state.initial[0]}" for state in states])
    for _ in range(_ROUNDS):
        word_of_class: dict[int, int] = {}
        for node, number in zip(nodes, classes, strict=True):
            values[node] = word_of_class.setdefault(number, draw(_LANES))
        for node in inputs:
            values[node] = draw(_LANES)
        for ours, theirs in free.items():
            values[ours] = values[theirs >> 1]
        run(compiled, values)
        following = [literal_value(values, root, mask) for root in roots]
        refined = _numbered(list(zip(classes, following, strict=True)))
        if max(refined, default=0) == max(classes, default=0):
            return refined
        classes = refined
    return classes


def _numbered(keys: list[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]
