"""Hypotheses that no random run has violated, thinned out: nothing here is proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chiploom.logic.blast import StateBit
from chiploom.prove.machine import ProductMachine
from chiploom.prove.solvers.hypotheses import Agreement, Closed, Hypothesis
from chiploom.prove.solvers.refinement import MOST_PATTERNS, Refinement, constant, split

_MAX_COMPARISONS = 60_000
#: A wider word is no state of a machine that somebody coded by hand.
_WIDEST_WORD = 16


def candidates(machine: ProductMachine) -> list[Hypothesis]:
    """Return the hypotheses that simulation leaves; of agreements about a register, that with most evidence first."""
    agreements = list(_agreements(machine))
    lasting = Refinement(machine, agreements, []).left()
    told = {id(hypothesis.ours) for hypothesis in lasting if isinstance(hypothesis, Agreement)}
    untold = [state for state in machine.gate.blasted.states if id(state) not in told]
    encodings = list(_encodings(machine, untold)) if untold else []
    if not encodings:
        return lasting
    # With their codes told, registers may agree that seemed not to while codes were drawn at random.
    return Refinement(machine, [*agreements, *encodings], untold).left()


def _agreements(machine: ProductMachine) -> Iterator[Agreement]:
    """Yield the pairs that agreed in all runs from power-up."""
    signatures, lanes = machine.signatures, machine.signature_lanes
    gold = [
        (state, signatures[state.rails[0] >> 1] & lanes, signatures[state.rails[1] >> 1] & lanes)
        for state in machine.ternary.blasted.states
        if state.rails[0] >> 1 in signatures and state.rails[1] >> 1 in signatures
    ]
    gold = [entry for entry in gold if entry[1] | entry[2]]
    # A register that is seldom known agrees with many by chance.
    gold.sort(key=lambda entry: -(entry[1] | entry[2]).bit_count())
    by_label = {entry[0].label: entry for entry in gold}
    gate = [state for state in machine.gate.blasted.states if state.rails[0] >> 1 in signatures]
    search = gold if len(gold) * len(gate) <= _MAX_COMPARISONS else []
    for state in gate:
        ours = signatures[state.rails[0] >> 1] & lanes
        same_name = by_label.get(state.label)
        entries = [same_name, *(entry for entry in search if entry is not same_name)] if same_name else search
        for theirs, one, zero in entries:
            straight = not (one & ~ours or zero & ours)
            inverted = not straight and not (one & ours or zero & ~ours)
            if (straight or inverted) and _same_start(state, theirs, inverted):
                yield Agreement(state, theirs, inverted)


def _same_start(ours: StateBit, theirs: StateBit, inverted: bool) -> bool:
    if theirs.initial == (0, 0):
        return True
    one = theirs.initial[0]
    return ours.initial[0] is not None and one is not None and ours.initial[0] == one ^ int(inverted)


def _encodings(machine: ProductMachine, states: Sequence[StateBit]) -> Iterator[Hypothesis]:
    """Yield what words of the reference were, and what our ``states`` always were meanwhile."""
    signatures, lanes = machine.signatures, machine.signature_lanes
    states = [state for state in states if state.rails[0] >> 1 in signatures]
    for word in _words(machine):
        # A word that starts known would have to start as ours does; its bits are left to agreements.
        if any(bit.initial != (0, 0) or any(rail >> 1 not in signatures for rail in bit.rails) for bit in word):
            continue
        masks = split(word, lanes, lambda bit: [signatures[rail >> 1] for rail in bit.rails])
        if len(masks) <= MOST_PATTERNS:
            # What every bit is before the first step is a pattern too.
            yield Closed(word, tuple({(0, 0): 0, **masks}))
            yield from constant(word, masks, states, lambda state: signatures[state.rails[0] >> 1])


def _words(machine: ProductMachine) -> Iterator[tuple[StateBit, ...]]:
    words: dict[str, list[StateBit]] = {}
    for state in machine.ternary.blasted.states:
        if state.label is not None:
            words.setdefault(state.label[0], []).append(state)
    for bits in words.values():
        if len(bits) <= _WIDEST_WORD:
            yield tuple(bits)
