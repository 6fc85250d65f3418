"""Can two selects of a multiplexer be 1 at once? Told from how the selects are made, without a solver.

Arms of a ``case`` compare one value with different constants, so they exclude each other. Arms of a ``unique case``
need not: that they do is the author's promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from chiploom.hdl.netlist import Cell

#: A net is 1 where, for one of these, every net has the value given.
_Ways = list[dict[int, int]]
#: More ways, or more pairs of them to compare, are not worth the time: the answer is then "maybe".
_MOST_WAYS = 512
_MOST_PAIRS = 200_000


def exclude_each_other(selects: Sequence[int], drivers: Mapping[int, tuple[Cell, int]]) -> bool:
    """Tell whether it is certain that at most one of the nets ``selects`` is 1.

    Parameters
    ----------
    selects : sequence of int
        Nets.
    drivers : mapping of int to (Cell, int)
        The cell, and the index in its output, that drives a net.
    """
    ways = [_ways(net, drivers) for net in selects]
    count = sum(map(len, ways))
    if count * count > _MOST_PAIRS:
        return _differ_by_constant(ways)
    return all(_conflict(p, q) for one, other in combinations(ways, 2) for p in one for q in other)


def _differ_by_constant(ways: Sequence[_Ways]) -> bool:
    """Tell whether all ways read the same nets, with other values each."""
    every = [way for some in ways for way in some]
    return len({frozenset(way) for way in every}) == 1 and len({frozenset(way.items()) for way in every}) == len(every)


def _conflict(one: Mapping[int, int], other: Mapping[int, int]) -> bool:
    return any(other.get(net, value) != value for net, value in one.items())


def _ways(net: int, drivers: Mapping[int, tuple[Cell, int]]) -> _Ways:
    """Return in which ways a net can be 1; the net itself being 1 is always one that is right."""
    if net in (0, 1):
        return [{}] if net else []
    cell = drivers[net][0] if net in drivers else None
    if cell is None or drivers[net][1] > 0:
        return [{net: 1}]
    operands = [cell.connections[pin] for pin in ("A", "B") if pin in cell.connections]
    if cell.type == "$eq":
        return _equal(*operands, fallback=net)
    if cell.type == "$logic_not" or (cell.type == "$not" and len(operands[0]) == 1):
        return _all_have([(bit, 0) for bit in operands[0]])
    if cell.type == "$reduce_and":
        return _all_have([(bit, 1) for bit in operands[0]])
    single = all(len(operand) == 1 for operand in operands)
    if cell.type in ("$reduce_or", "$reduce_bool", "$logic_or") or (cell.type == "$or" and single):
        found = [way for operand in operands for bit in operand for way in _ways(bit, drivers)]
        return found if len(found) <= _MOST_WAYS else [{net: 1}]
    return [{net: 1}]


def _equal(a: Sequence[int], b: Sequence[int], *, fallback: int) -> _Ways:
    if any(bit not in (0, 1) for bit in b):
        a, b = b, a
    if any(bit not in (0, 1) for bit in b):
        return [{fallback: 1}]
    width = max(len(a), len(b))
    if len(a) < width:
        # Sign extension repeats the last bit; whichever it is, the bits that are there must be equal.
        b, width = b[: len(a)], len(a)
    return _all_have([(bit, b[place] if place < len(b) else -1) for place, bit in enumerate(a)])


def _all_have(wanted: Sequence[tuple[int, int]]) -> _Ways:
    """Return the one way in which every net has its value; -1 leaves it open."""
    way: dict[int, int] = {}
    for net, value in wanted:
        if value < 0:
            continue
        if net in (0, 1):
            if net != value:
                return []
        elif way.setdefault(net, value) != value:
            return []
    return [way]
