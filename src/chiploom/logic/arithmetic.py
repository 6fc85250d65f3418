"""Arithmetic on vectors of literals, least significant bit first. Every function builds gates in a graph."""

from __future__ import annotations

from collections.abc import Sequence

from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph

Vector = Sequence[int]


def add(graph: AndInverterGraph, a: Vector, b: Vector, carry: int = FALSE) -> tuple[list[int], int]:
    """Ripple-carry sum of two equally long vectors.

    Returns
    -------
    (list of int, int)
        The sum, as long as the operands, and the carry out.
    """
    total = []
    for p, q in zip(a, b, strict=True):
        half = graph.xor(p, q)
        total.append(graph.xor(half, carry))
        carry = graph.or_(graph.and_(p, q), graph.and_(half, carry))
    return total, carry


def invert(a: Vector) -> list[int]:
    """Bitwise complement."""
    return [bit ^ 1 for bit in a]


def negate(graph: AndInverterGraph, a: Vector) -> list[int]:
    """Two's complement."""
    return add(graph, invert(a), [FALSE] * len(a), TRUE)[0]


def subtract(graph: AndInverterGraph, a: Vector, b: Vector) -> tuple[list[int], int]:
    """Difference of two equally long vectors and the *not borrow* (1 where a >= b, unsigned)."""
    return add(graph, a, invert(b), TRUE)


def multiply(graph: AndInverterGraph, a: Vector, b: Vector) -> list[int]:
    """Product modulo two to the width, by the school method; rows of constant zero cost nothing."""
    width = len(a)
    total = [FALSE] * width
    for shift, enable in enumerate(b):
        if enable == FALSE:
            continue
        row = [graph.and_(bit, enable) for bit in a[: width - shift]]
        total[shift:] = add(graph, total[shift:], row)[0]
    return total


def divide(graph: AndInverterGraph, a: Vector, b: Vector) -> tuple[list[int], list[int]]:
    """Unsigned quotient and remainder by restoring division; unspecified (but defined) for a zero divisor."""
    width = len(a)
    remainder = [FALSE] * width
    quotient = [FALSE] * width
    divisor = [*b, FALSE]
    for position in range(width - 1, -1, -1):
        shifted = [a[position], *remainder]
        difference, not_borrow = subtract(graph, shifted, divisor)
        quotient[position] = not_borrow
        remainder = [graph.mux(not_borrow, d, s) for d, s in zip(difference, shifted, strict=True)][:width]
    return quotient, remainder


def divide_signed(graph: AndInverterGraph, a: Vector, b: Vector, *, floor: bool = False) -> tuple[list[int], list[int]]:
    """Signed quotient and remainder.

    Truncating as Verilog's ``/`` and ``%`` do (the remainder has the dividend's sign), or, with ``floor``, rounding
    towards minus infinity (the remainder has the divisor's sign).
    """
    sign_a, sign_b = a[-1], b[-1]
    magnitude_q, magnitude_r = divide(
        graph, _conditional_negate(graph, sign_a, a), _conditional_negate(graph, sign_b, b)
    )
    different = graph.xor(sign_a, sign_b)
    quotient = _conditional_negate(graph, different, magnitude_q)
    remainder = _conditional_negate(graph, sign_a, magnitude_r)
    if not floor:
        return quotient, remainder
    # Truncation and floor differ by one where the signs differ and the remainder is not zero.
    adjust = graph.and_(different, graph.or_all(remainder))
    quotient = add(graph, quotient, [adjust] * len(quotient))[0]
    remainder = add(graph, remainder, [graph.and_(adjust, bit) for bit in b])[0]
    return quotient, remainder


def less_than(graph: AndInverterGraph, a: Vector, b: Vector, *, signed: bool) -> int:
    """Literal of ``a < b`` for two equally long vectors."""
    if signed:
        a = [*a[:-1], a[-1] ^ 1]
        b = [*b[:-1], b[-1] ^ 1]
    return subtract(graph, a, b)[1] ^ 1


def _conditional_negate(graph: AndInverterGraph, condition: int, a: Vector) -> list[int]:
    flipped = [graph.xor(bit, condition) for bit in a]
    return add(graph, flipped, [FALSE] * len(a), condition)[0]
