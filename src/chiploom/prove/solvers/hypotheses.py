"""What may hold in every state that reference and submission reach together: statements to be proved by induction.

Each says something about registers of the submission in terms of registers of the three-valued reference, and only
where the reference knows its own: what the reference does not know, any submission may have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chiploom.logic.aig import AndInverterGraph
from chiploom.logic.blast import StateBit

Rails = Callable[[StateBit], Sequence[int]]
"""The literals of a state bit at some moment: one of a bit of ours, two (certainly one, certainly zero) of theirs."""


class Hypothesis(Protocol):
    """A statement about the states at one moment."""

    def violated(self, graph: AndInverterGraph, at: Rails) -> int:
        """Return the literal of "this does not hold"."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where their bit is known, ours equals it (or its complement)."""

    ours: StateBit
    theirs: StateBit
    inverted: bool

    def forced(self, at: Rails) -> tuple[int, int]:
        """Return the literals "ours must be 1" and "ours must be 0"."""
        one, zero = at(self.theirs)
        return (zero, one) if self.inverted else (one, zero)

    def violated(self, graph: AndInverterGraph, at: Rails) -> int:
        """Return the literal of "this does not hold"."""
        one, zero = self.forced(at)
        (ours,) = at(self.ours)
        return graph.or_(graph.and_(one, ours ^ 1), graph.and_(zero, ours))


Pattern = tuple[int, int]
"""What a word of the reference is: the bits that are certainly one and those that are certainly zero."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Where their word is ``pattern``, our bit is ``bit``: a state machine whose states have other codes."""

    ours: StateBit
    word: tuple[StateBit, ...]
    pattern: Pattern
    bit: int

    def violated(self, graph: AndInverterGraph, at: Rails) -> int:
        """Return the literal of "this does not hold"."""
        (ours,) = at(self.ours)
        return graph.and_(_is(graph, at, self.word, self.pattern), ours ^ self.bit)


@dataclass(frozen=True, slots=True)
class Closed:
    """Their word is one of ``patterns``: a state machine has states that are never entered."""

    word: tuple[StateBit, ...]
    patterns: tuple[Pattern, ...]

    def violated(self, graph: AndInverterGraph, at: Rails) -> int:
        """Return the literal of "this does not hold"."""
        return graph.or_all(_is(graph, at, self.word, pattern) for pattern in self.patterns) ^ 1


def _is(graph: AndInverterGraph, at: Rails, word: Sequence[StateBit], pattern: Pattern) -> int:
    ones, zeros = pattern
    literals = []
    for index, bit in enumerate(word):
        one, zero = at(bit)
        if ones >> index & 1:
            literals.append(one)
        elif zeros >> index & 1:
            literals.append(zero)
        else:
            literals += (one ^ 1, zero ^ 1)
    return graph.and_all(literals)
