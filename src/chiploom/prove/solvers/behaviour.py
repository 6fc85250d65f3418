"""Pairs of registers that correspond by behaviour, whatever their names: partition refinement by simulation.

All registers of both designs start in one class. Each round gives every class a random word, simulates one step of
both designs on shared inputs, and splits classes by the words their registers would take next. Registers that stay
in one class are candidates: memory words, bits of renamed or reordered registers. A register that stores a
complement can be read inverted. Source: van Eijk, "Sequential Equivalence Checking Based on Structural Similarities",
IEEE TCAD 19(7), 2000, section III, with simulation in place of the proof of each refinement, which the induction that
follows supplies.
"""

from __future__ import annotations

import random

from chiploom.logic.blast import StateBit
from chiploom.logic.simulation import literal_value, program, run
from chiploom.prove.machine import ProductMachine
from chiploom.prove.solvers.matching import Pair, Pairing, paired_unknowns

_LANES = 512
_ROUNDS = 64


def by_behaviour(machine: ProductMachine, *, complements: bool) -> Pairing:
    """Pair state bits of the submission with state bits of the concrete reference.

    Parameters
    ----------
    complements : bool
        Read registers inverted whose values differed in a state both designs reached together.
    """
    gate, gold = machine.gate.blasted.states, machine.concrete.blasted.states
    free = paired_unknowns(machine)
    phases = _phases(machine) if complements else {id(state): 0 for state in (*gate, *gold)}
    classes = _refined(machine, [*gate, *gold], free, phases)
    members: dict[int, tuple[list[StateBit], list[StateBit]]] = {}
    for index, state in enumerate((*gate, *gold)):
        members.setdefault(classes[index], ([], []))[index >= len(gate)].append(state)
    pairs = [
        Pair(ours, theirs, inverted=phases[id(ours)] != phases[id(theirs)])
        for mine, others in members.values()
        for ours, theirs in zip(mine, others, strict=False)
    ]
    return Pairing(tuple(pair for pair in pairs if pair.starts_alike()), free)


def _phases(machine: ProductMachine) -> dict[int, int]:
    """Return, by identity of a state bit, its value in one state that both designs reached together.

    A register that stores the complement has the other value there. The state is the one of random simulation in
    which most of the three-valued reference is known.
    """
    signatures = machine.signatures
    known_states = [s for s in machine.ternary.blasted.states if all(rail >> 1 in signatures for rail in s.rails)]
    moment = _best_moment(machine, [signatures[s.rails[0] >> 1] | signatures[s.rails[1] >> 1] for s in known_states])
    value_of_net = {s.net: signatures[s.rails[0] >> 1] >> moment & 1 for s in known_states}
    phases = {id(state): value_of_net.get(state.net, 0) for state in machine.concrete.blasted.states}
    for state in machine.gate.blasted.states:
        phases[id(state)] = signatures.get(state.rails[0] >> 1, 0) >> moment & 1
    return phases


def _best_moment(machine: ProductMachine, known: list[int]) -> int:
    """Return the position (lane and step) in the signatures at which most words of ``known`` have a one."""
    lanes = machine.signature_lanes
    positions = range(0, lanes.bit_length(), 61)
    legal = [position for position in positions if lanes >> position & 1]
    return max(legal, key=lambda at: sum(word >> at & 1 for word in known), default=0)


def _refined(
    machine: ProductMachine, states: list[StateBit], free: dict[int, int], phases: dict[int, int]
) -> list[int]:
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
    flip = [mask if phases[id(state)] else 0 for state in states]
    classes = _numbered([bool(state.net) for state in states])
    for _ in range(_ROUNDS):
        word_of_class: dict[int, int] = {}
        for node, number, inversion in zip(nodes, classes, flip, strict=True):
            word = word_of_class.get(number)
            if word is None:
                word = word_of_class[number] = draw(_LANES)
            values[node] = word ^ inversion
        for node in inputs:
            values[node] = draw(_LANES)
        for ours, theirs in free.items():
            values[ours] = values[theirs >> 1]
        run(compiled, values)
        following = [literal_value(values, root, mask) ^ inversion for root, inversion in zip(roots, flip, strict=True)]
        refined = _numbered(list(zip(classes, following, strict=True)))
        if max(refined, default=0) == max(classes, default=0):
            return refined
        classes = refined
    return classes


def _numbered(keys: list[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]
