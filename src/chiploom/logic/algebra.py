"""What a bit is: a Boolean literal, or a three-valued pair of literals.

The bit-blaster is written once against this interface. With :class:`BooleanAlgebra` a bit is one literal and an
unknown is a free input; with :class:`TernaryAlgebra` a bit is the pair ``(one, zero)`` of "is certainly 1" and
"is certainly 0", and an unknown is ``(false, false)``. The pair is never ``(true, true)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph

Bit = TypeVar("Bit")


class Algebra(Protocol[Bit]):
    """What the bit-blaster needs of a bit."""

    graph: AndInverterGraph
    false: Bit
    true: Bit

    def literal(self, literal: int) -> Bit:
        """Return the (known) bit of a graph literal."""

    def not_(self, a: Bit) -> Bit:
        """Complement."""

    def and_(self, a: Bit, b: Bit) -> Bit:
        """Conjunction."""

    def or_(self, a: Bit, b: Bit) -> Bit:
        """Disjunction."""

    def xor(self, a: Bit, b: Bit) -> Bit:
        """Exclusive or."""

    def mux(self, select: Bit, when_true: Bit, when_false: Bit) -> Bit:
        """Multiplexer."""

    def identical(self, a: Bit, b: Bit) -> Bit:
        """Case equality of two bits."""

    def unknown(self) -> Bit:
        """Return a bit of unknown value."""

    def strict(self, operands: Sequence[Bit], function: Callable[[list[int]], list[int]]) -> list[Bit]:
        """Apply a function of literals in which any unknown operand makes the whole result unknown."""

    def strict_unless(self, invalid: Bit, bits: Sequence[Bit]) -> list[Bit]:
        """Return ``bits``, unknown where ``invalid`` may hold."""


class BooleanAlgebra:
    """Bits are literals; every unknown is a fresh input, listed in ``unknowns`` (nodes)."""

    def __init__(self, graph: AndInverterGraph) -> None:
        self.graph = graph
        self.false = FALSE
        self.true = TRUE
        self.and_ = graph.and_
        self.or_ = graph.or_
        self.xor = graph.xor
        self.mux = graph.mux
        self.unknowns: list[int] = []

    def literal(self, literal: int) -> int:
        """Return the bit of a graph literal."""
        return literal

    def not_(self, a: int) -> int:
        """Complement."""
        return a ^ 1

    def identical(self, a: int, b: int) -> int:
        """Case equality of two bits."""
        return self.xor(a, b) ^ 1

    def unknown(self) -> int:
        """Return a bit that may be anything."""
        literal = self.graph.new_input()
        self.unknowns.append(literal >> 1)
        return literal

    def strict(self, operands: Sequence[int], function: Callable[[list[int]], list[int]]) -> list[int]:
        """Apply ``function`` to literals; there is no unknown to spread."""
        return function(list(operands))

    def strict_unless(self, invalid: int, bits: Sequence[int]) -> list[int]:
        """Return ``bits``, each replaced by an unknown where ``invalid`` holds (division by zero)."""
        if invalid == FALSE:
            return list(bits)
        return [self.mux(invalid, self.unknown(), bit) for bit in bits]


class TernaryAlgebra:
    """Bits are pairs (certainly one, certainly zero) of literals."""

    def __init__(self, graph: AndInverterGraph) -> None:
        self.graph = graph
        self.false = (FALSE, TRUE)
        self.true = (TRUE, FALSE)

    def literal(self, literal: int) -> tuple[int, int]:
        """Return the (known) bit of a graph literal."""
        return (literal, literal ^ 1)

    def not_(self, a: tuple[int, int]) -> tuple[int, int]:
        """Complement."""
        return (a[1], a[0])

    def and_(self, a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        """Conjunction: a certain 0 wins over an unknown."""
        one = self.graph.and_(a[0], b[0])
        if a[1] == a[0] ^ 1 and b[1] == b[0] ^ 1:
            return (one, one ^ 1)
        return (one, self.graph.or_(a[1], b[1]))

    def or_(self, a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        """Disjunction: a certain 1 wins over an unknown."""
        return self.not_(self.and_(self.not_(a), self.not_(b)))

    def xor(self, a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        """Exclusive or: unknown where either side is."""
        graph = self.graph
        if a[1] == a[0] ^ 1 and b[1] == b[0] ^ 1:
            one = graph.xor(a[0], b[0])
            return (one, one ^ 1)
        one = graph.or_(graph.and_(a[0], b[1]), graph.and_(a[1], b[0]))
        zero = graph.or_(graph.and_(a[0], b[0]), graph.and_(a[1], b[1]))
        return (one, zero)

    def mux(self, select: tuple[int, int], when_true: tuple[int, int], when_false: tuple[int, int]) -> tuple[int, int]:
        """Multiplexer: with an unknown select, known where both data agree (as ``?:`` in Verilog)."""
        graph = self.graph
        s1, s0 = select
        if when_true == when_false:
            return when_true
        if s1 == s0 ^ 1:
            if s1 < 2:
                return when_true if s1 else when_false
            one = graph.mux(s1, when_true[0], when_false[0])
            if when_true[1] == when_true[0] ^ 1 and when_false[1] == when_false[0] ^ 1:
                return (one, one ^ 1)
            return (one, graph.mux(s1, when_true[1], when_false[1]))
        rails = []
        for rail in (0, 1):
            t, f = when_true[rail], when_false[rail]
            rails.append(graph.or_(graph.or_(graph.and_(s1, t), graph.and_(s0, f)), graph.and_(t, f)))
        return (rails[0], rails[1])

    def identical(self, a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        """Case equality (``===``) of two bits: always known."""
        same = self.graph.and_(self.graph.xor(a[0], b[0]) ^ 1, self.graph.xor(a[1], b[1]) ^ 1)
        return (same, same ^ 1)

    def unknown(self) -> tuple[int, int]:
        """Return x."""
        return (FALSE, FALSE)

    def strict(
        self, operands: Sequence[tuple[int, int]], function: Callable[[list[int]], list[int]]
    ) -> list[tuple[int, int]]:
        """Apply ``function`` to the values; the whole result is x where any operand bit is."""
        results = function([bit[0] for bit in operands])
        known = self.graph.and_all(self._known(bit) for bit in operands)
        if known == TRUE:
            return [(literal, literal ^ 1) for literal in results]
        return [(self.graph.and_(literal, known), self.graph.and_(literal ^ 1, known)) for literal in results]

    def strict_unless(self, invalid: tuple[int, int], bits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return ``bits``, x wherever ``invalid`` is not certainly 0."""
        valid = invalid[1]
        if valid == TRUE:
            return list(bits)
        return [(self.graph.and_(one, valid), self.graph.and_(zero, valid)) for one, zero in bits]

    def _known(self, bit: tuple[int, int]) -> int:
        return TRUE if bit[1] == bit[0] ^ 1 else self.graph.or_(bit[0], bit[1])


def reduce_balanced(operation: Callable[[Bit, Bit], Bit], bits: Iterable[Bit], empty: Bit) -> Bit:
    """Fold ``bits`` with an associative ``operation`` as a balanced tree."""
    level = list(bits)
    if not level:
        return empty
    while len(level) > 1:
        level = [operation(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]
