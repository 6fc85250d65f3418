"""Pairs of registers and unknowns that correspond by name, between submission and concrete reference.

Pairing is a hypothesis. The initial states agree by construction: a pair is only made where the reference starts
unknown (and may therefore be taken to start as the submission does) or both start with the same value.
"""

from __future__ import annotations

from dataclasses import dataclass

from chiploom.hdl.netlist import Netlist
from chiploom.logic.blast import StateBit
from chiploom.prove.machine import ProductMachine


@dataclass(frozen=True, slots=True)
class Pairing:
    """Corresponding state bits, and the unknowns of the submission mapped to unknowns of the reference."""

    states: tuple[tuple[StateBit, StateBit], ...]
    free: dict[int, int]


def by_name(machine: ProductMachine) -> Pairing:
    """Pair state bits of equal source name, and the k-th unknown with the k-th unknown."""
    gate, gold = machine.gate, machine.concrete
    named = {label: state for state in gold.blasted.states for label in _labels(machine.reference, state)}
    pairs = []
    taken: set[int] = set()
    for state in gate.blasted.states:
        partners = (named.get(label) for label in _labels(machine.submission, state))
        partner = next((partner for partner in partners if partner is not None), None)
        # One partner each: two registers that start free may start differently, so they cannot share one.
        if partner is not None and id(partner) not in taken and partner.initial[0] in (None, state.initial[0]):
            taken.add(id(partner))
            pairs.append((state, partner))
    return Pairing(tuple(pairs), paired_unknowns(machine))


def paired_unknowns(machine: ProductMachine) -> dict[int, int]:
    """Return, for the k-th unknown of the submission, the literal of the reference's k-th unknown."""
    return {
        ours: theirs << 1
        for ours, theirs in zip(machine.gate.blasted.free_nets, machine.concrete.blasted.free_nets, strict=False)
    }


def goals(machine: ProductMachine, pairing: Pairing) -> tuple[list[int], list[int]]:
    """Return what must be false if the pairing is right.

    Returns
    -------
    (list of int, list of int)
        One literal per output bit ("differs") and one per pair ("the next values differ"), with every paired
        register and unknown of the submission replaced by its partner.
    """
    graph = machine.graph
    replacement = dict(pairing.free)
    for ours, theirs in pairing.states:
        replacement[ours.rails[0] >> 1] = theirs.rails[0]
    wrong = list(machine.concrete_mismatches.values())
    following = [ours.next[0] for ours, _ in pairing.states]
    rebuilt = graph.substitute(replacement, [*wrong, *following])
    differ = [
        graph.xor(next_ours, theirs.next[0])
        for next_ours, (_, theirs) in zip(rebuilt[len(wrong) :], pairing.states, strict=True)
    ]
    return rebuilt[: len(wrong)], differ


def _labels(netlist: Netlist, state: StateBit) -> tuple[tuple[str, int], ...]:
    if state.label is None:
        return ()
    return netlist.aliases.get(state.net, (state.label,)) if state.net else (state.label,)
