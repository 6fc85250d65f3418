"""Selects that exclude each other, told from their cells, against all values of the nets."""

from __future__ import annotations

import itertools
import random

from chiploom.hdl.netlist import Cell
from chiploom.logic.one_hot import exclude_each_other

INPUTS = (2, 3, 4)


def cell(number: int, kind: str, **pins: tuple[int, ...]) -> Cell:
    return Cell(f"c{number}", kind, {}, {**pins, "Y": (number,)}, frozenset({"Y"}), "")


def truth(net: int, cells: dict[int, Cell], values: dict[int, int]) -> int:
    """Evaluate a net the plain way."""
    if net in (0, 1):
        return net
    if net in values:
        return values[net]
    made = cells[net]
    a, b = ([truth(bit, cells, values) for bit in made.connections.get(pin, ())] for pin in ("A", "B"))
    if made.type == "$eq":
        width = max(len(a), len(b))
        return int([*a, *[0] * (width - len(a))] == [*b, *[0] * (width - len(b))])
    if made.type in ("$logic_not", "$not"):
        return int(not any(a))
    if made.type == "$reduce_and":
        return int(all(a))
    return int(any(a) or any(b))


def random_cells(draw: random.Random) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    for number in range(10, 16):
        nets = [*INPUTS, *cells]
        operand = tuple(draw.choice(INPUTS) for _ in range(draw.randint(1, 3)))
        constant = tuple(draw.randint(0, 1) for _ in range(draw.randint(1, 3)))
        kind = draw.choice(("$eq", "$eq", "$eq", "$logic_not", "$reduce_and", "$reduce_or", "$or", "$not"))
        if kind == "$eq":
            pair = (operand, constant) if draw.random() < 0.5 else (constant, operand)
            cells[number] = cell(number, kind, A=pair[0], B=pair[1])
        elif kind == "$or":
            cells[number] = cell(number, kind, A=(draw.choice(nets),), B=(draw.choice(nets),))
        elif kind == "$not":
            cells[number] = cell(number, kind, A=(draw.choice(INPUTS),))
        else:
            cells[number] = cell(number, kind, A=tuple(draw.choice(nets) for _ in range(draw.randint(1, 2))))
    return {
        number: made if made.type != "$logic_not" else cell(number, "$logic_not", A=INPUTS[: draw.randint(1, 3)])
        for number, made in cells.items()
    }


def test_never_certain_of_selects_that_can_be_one_together() -> None:
    draw = random.Random(1)
    certain = 0
    for _ in range(3000):
        cells = random_cells(draw)
        selects = draw.sample([*INPUTS, *cells], draw.randint(2, 3))
        if exclude_each_other(selects, {number: (made, 0) for number, made in cells.items()}):
            certain += 1
            for row in itertools.product((0, 1), repeat=len(INPUTS)):
                values = dict(zip(INPUTS, row, strict=True))
                assert sum(truth(net, cells, values) for net in selects) <= 1
    assert certain > 100


def test_many_constants_of_one_value() -> None:
    nets = tuple(range(2, 12))
    cells = {
        100 + value: cell(100 + value, "$eq", A=nets, B=tuple(value >> place & 1 for place in range(10)))
        for value in range(900)
    }
    drivers = {number: (made, 0) for number, made in cells.items()}
    assert exclude_each_other(tuple(cells), drivers)
    assert not exclude_each_other((*cells, 2), drivers)
