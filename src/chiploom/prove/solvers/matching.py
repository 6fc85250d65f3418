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
class Pair:
    """A register bit of the submission that is taken to equal one of the reference, or its complement."""

    ours: StateBit
    theirs: StateBit
    inverted: bool = False

    def starts_alike(self) -> bool:
        """Tell whether the reference can be taken to start as the submission does."""
        ours, theirs = self.ours.initial[0], self.theirs.initial[0]
        return theirs is None or (ours is not None and ours == theirs ^ int(self.inverted))


@dataclass(frozen=True, slots=True)
class Pairing:
    """Corresponding state bits, and the unknowns of the submission mapped to unknowns of the reference."""

    states: tuple[Pair, ...]
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
        if partner is not None and id(partner) not in taken and (pair := Pair(state, partner)).starts_alike():
            taken.add(id(partner))
            pairs.append(pair)
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
    for pair in pairing.states:
        replacement[pair.ours.rails[0] >> 1] = pair.theirs.rails[0] ^ pair.inverted
    wrong = list(machine.concrete_mismatches.values())
    following = [pair.ours.next[0] ^ pair.inverted for pair in pairing.states]
    rebuilt = graph.substitute(replacement, [*wrong, *following])
    differ = [
        graph.xor(next_ours, pair.theirs.next[0])
        for next_ours, pair in zip(rebuilt[len(wrong) :], pairing.states, strict=True)
    ]
    return rebuilt[: len(wrong)], differ


def _labels(netlist: Netlist, state: StateBit) -> tuple[tuple[str, int], ...]:
    if state.label is None:
        return ()
    return netlist.aliases.get(state.net, (state.label,)) if state.net else (state.label,)
