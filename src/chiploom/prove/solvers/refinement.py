"""Hypotheses thinned out by simulating single steps: nothing here is proved.

Of registers that a random run never moves (a counter behind a password) runs from power-up say little. So each round
draws states in which every hypothesis that is left holds, simulates one step and drops what the step violates. A
hypothesis that belongs to an inductive set is never dropped, since its set holds in every state drawn. Source: van
Eijk, "Sequential Equivalence Checking Based on Structural Similarities", IEEE TCAD 19(7), 2000, section III;
three-valued here, and pairwise, since agreeing wherever one side is known is not transitive.

What a word of the reference can be grows instead of being dropped: states of a machine that no run entered are entered
by a step from a state drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from chiploom.logic.blast import StateBit
from chiploom.logic.simulation import literal_value, program, run
from chiploom.prove.machine import ProductMachine
from chiploom.prove.solvers.hypotheses import Agreement, Closed, Encoding, Hypothesis, Pattern

#: A word that is more patterns is no state of a machine that somebody coded by hand.
MOST_PATTERNS = 48

#: A word that has new patterns step after step is a counter.
_MOST_GROWTHS = 10

_LANES = 512
_ALL = (1 << _LANES) - 1
_MOST_ROUNDS = 64
#: Rounds in a row that violate nothing, after which the rest is left to the solver.
_QUIET_ROUNDS = 3

_Draw = Callable[[int], int]


class Refinement:
    """Hypotheses, thinned out step by step.

    Parameters
    ----------
    untold : sequence of StateBit
        Registers of the submission whose values in new patterns are worth knowing.
    """

    def __init__(self, machine: ProductMachine, hypotheses: Sequence[Hypothesis], untold: Sequence[StateBit]) -> None:
        self._machine = machine
        self._untold = untold
        self._draw = random.Random(4).getrandbits
        self._growths: dict[int, int] = {}
        self._left = [self._entry(hypothesis) for hypothesis in hypotheses]

    def left(self) -> list[Hypothesis]:
        """Return what is left after enough rounds."""
        quiet = 0
        for _ in range(_MOST_ROUNDS):
            quiet = 0 if self._round() else quiet + 1
            if quiet == _QUIET_ROUNDS or not self._left:
                break
        return [hypothesis for hypothesis, _, _ in self._left]

    def _entry(self, hypothesis: Hypothesis) -> tuple[Hypothesis, int, int]:
        graph = self._machine.graph
        return (
            hypothesis,
            hypothesis.violated(graph, lambda state: state.rails),
            hypothesis.violated(graph, lambda state: state.next),
        )

    def _round(self) -> bool:
        """Draw states, simulate a step and tell whether something was dropped or grew."""
        machine, graph, mask = self._machine, self._machine.graph, _ALL
        constraint = machine.three_valued.constraint
        following = [literal for states in _both(machine) for state in states for literal in state.next]
        roots = [literal for _, before, after in self._left for literal in (before, after)]
        cone = graph.cone([constraint, *following, *roots])
        owned = {rail >> 1 for states in _both(machine) for state in states for rail in state.rails}
        values = [0] * len(graph)
        for node in cone:
            if not graph.is_and(node) and node not in owned:
                values[node] = self._draw(_LANES)
        _draw_states(machine, [hypothesis for hypothesis, _, _ in self._left], values, self._draw)
        run(program(graph, [node for node in cone if graph.is_and(node)], mask), values)
        # States in which not every hypothesis holds say nothing.
        counts = literal_value(values, constraint, mask)
        for _, before, _ in self._left:
            counts &= ~literal_value(values, before, mask)
        kept: list[tuple[Hypothesis, int, int]] = []
        given_up: set[int] = set()
        changed = False
        for hypothesis, before, after in self._left:
            wrong = literal_value(values, after, mask) & counts
            if not wrong:
                kept.append((hypothesis, before, after))
                continue
            changed = True
            if isinstance(hypothesis, Closed):
                grown = list(self._grown(hypothesis, wrong, values))
                kept += map(self._entry, grown)
                if not grown:
                    given_up.add(id(hypothesis.word))
        self._left = [entry for entry in kept if not (isinstance(entry[0], Encoding) and id(entry[0].word) in given_up)]
        return changed

    def _grown(self, closed: Closed, lanes: int, values: Sequence[int]) -> Iterator[Hypothesis]:
        """Yield the word with the patterns it has in ``lanes`` after the step, and what is constant in each."""
        masks = split(closed.word, lanes, lambda bit: [literal_value(values, rail, _ALL) for rail in bit.next])
        patterns = (*closed.patterns, *masks)
        growths = self._growths[id(closed.word)] = self._growths.get(id(closed.word), 0) + 1
        if len(patterns) <= MOST_PATTERNS and growths <= _MOST_GROWTHS:
            yield Closed(closed.word, patterns)
            yield from constant(
                closed.word, masks, self._untold, lambda state: literal_value(values, state.next[0], _ALL)
            )


def constant(
    word: tuple[StateBit, ...],
    masks: Mapping[Pattern, int],
    states: Sequence[StateBit],
    value: Callable[[StateBit], int],
) -> Iterator[Encoding]:
    """Yield which of our ``states`` have the same value in all lanes of a pattern."""
    for pattern, mask in masks.items():
        for state in states if pattern != (0, 0) else ():
            ones = value(state) & mask
            if ones in (0, mask):
                yield Encoding(state, word, pattern, int(ones != 0))


def split(word: Sequence[StateBit], lanes: int, rails: Callable[[StateBit], Sequence[int]]) -> dict[Pattern, int]:
    """Return in which lanes a word is which pattern; gives up, with too many, when there are too many."""
    masks: dict[Pattern, int] = {(0, 0): lanes}
    for index, bit in enumerate(word):
        one, zero = rails(bit)
        split: dict[Pattern, int] = {}
        for (ones, zeros), mask in masks.items():
            split[ones | 1 << index, zeros] = mask & one
            split[ones, zeros | 1 << index] = mask & zero
            split[ones, zeros] = mask & ~one & ~zero
        masks = {pattern: mask for pattern, mask in split.items() if mask}
        if len(masks) > MOST_PATTERNS:
            break
    return masks


def _both(machine: ProductMachine) -> tuple[Sequence[StateBit], Sequence[StateBit]]:
    return machine.ternary.blasted.states, machine.gate.blasted.states


def _draw_states(machine: ProductMachine, hypotheses: Sequence[Hypothesis], values: list[int], draw: _Draw) -> None:
    """Draw values of all registers such that in most lanes every hypothesis holds."""
    mask = _ALL
    theirs, ours = _both(machine)
    _draw_reference(theirs, hypotheses, values, draw)
    forced: dict[int, tuple[int, int]] = {}

    def force(state: StateBit, one: int, zero: int) -> None:
        before = forced.get(state.rails[0], (0, 0))
        forced[state.rails[0]] = before[0] | one, before[1] | zero

    for hypothesis in hypotheses:
        if isinstance(hypothesis, Agreement):
            one, zero = (values[rail >> 1] for rail in hypothesis.theirs.rails)
            force(hypothesis.ours, *((zero, one) if hypothesis.inverted else (one, zero)))
        elif isinstance(hypothesis, Encoding):
            lanes = mask
            for index, bit in enumerate(hypothesis.word):
                one, zero = (values[rail >> 1] for rail in bit.rails)
                ones, zeros = (part >> index & 1 for part in hypothesis.pattern)
                lanes &= one if ones else zero if zeros else ~(one | zero)
            force(hypothesis.ours, *((lanes, 0) if hypothesis.bit else (0, lanes)))
    for state in ours:
        one, zero = forced.get(state.rails[0], (0, 0))
        values[state.rails[0] >> 1] = one | (draw(_LANES) & ~zero & mask)


def _draw_reference(
    states: Sequence[StateBit], hypotheses: Sequence[Hypothesis], values: list[int], draw: _Draw
) -> None:
    mask = _ALL
    classes = _Classes()
    for hypothesis in hypotheses:
        if isinstance(hypothesis, Agreement):
            classes.join(hypothesis.ours.rails[0], hypothesis.theirs.rails[0], inverted=hypothesis.inverted)
    value_of: dict[int, int] = {}
    # In half of the lanes every register of the reference is known, in a quarter most, in a quarter about half.
    half = (1 << _LANES // 4) - 1
    most = half << _LANES // 4
    for state in states:
        root, inverted = classes.find(state.rails[0])
        value = value_of.setdefault(root, draw(_LANES)) ^ (mask if inverted else 0)
        unknown = (draw(_LANES) & half) | (draw(_LANES) & draw(_LANES) & draw(_LANES) & most)
        known = mask if state.initial != (0, 0) else mask ^ unknown
        values[state.rails[0] >> 1] = value & known
        values[state.rails[1] >> 1] = ~value & known
    for hypothesis in hypotheses:
        if isinstance(hypothesis, Closed):
            _draw_word(hypothesis, values, draw)


def _draw_word(closed: Closed, values: list[int], draw: _Draw) -> None:
    """Draw a word that in every lane is one of the patterns."""
    for bit in closed.word:
        values[bit.rails[0] >> 1] = values[bit.rails[1] >> 1] = 0
    rest = _ALL
    for count, (ones, zeros) in enumerate(closed.patterns):
        # Of the lanes that are left about one in as many as there are patterns left.
        taken = rest
        for _ in range((len(closed.patterns) - count - 1).bit_length()):
            taken &= draw(_LANES)
        rest &= ~taken
        for index, bit in enumerate(closed.word):
            if ones >> index & 1:
                values[bit.rails[0] >> 1] |= taken
            elif zeros >> index & 1:
                values[bit.rails[1] >> 1] |= taken


class _Classes:
    """Classes of registers that are taken to be equal or complementary (union-find with parity)."""

    def __init__(self) -> None:
        self._parent: dict[int, tuple[int, bool]] = {}

    def find(self, item: int) -> tuple[int, bool]:
        """Return the class, by its representative, and whether ``item`` is the representative's complement."""
        path = []
        inverted = False
        while item in self._parent:
            path.append((item, inverted))
            item, flip = self._parent[item]
            inverted ^= flip
        for passed, before in path:
            self._parent[passed] = item, inverted ^ before
        return item, inverted

    def join(self, a: int, b: int, *, inverted: bool) -> None:
        """Put two into one class; a contradiction with what was joined before is left out."""
        (root_a, flip_a), (root_b, flip_b) = self.find(a), self.find(b)
        if root_a != root_b:
            self._parent[root_b] = root_a, flip_a ^ flip_b ^ inverted
