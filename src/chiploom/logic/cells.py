"""The meaning of each combinational Yosys cell, bit by bit, over any algebra.

Source: the Yosys manual, chapter "Internal cell library", and the simulation models ``simlib.v`` that define it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from chiploom.errors import LimitReached
from chiploom.hdl.netlist import Cell, X
from chiploom.logic import arithmetic
from chiploom.logic.algebra import Algebra, Bit, reduce_balanced

#: Cells whose output bit i depends on bit i of the operands only (and on the select).
BITWISE = frozenset({"$mux", "$pmux", "$bwmux", "$not", "$and", "$or", "$xor", "$xnor", "$buf", "$pos", "$tribuf"})

#: Cells that carry no function.
IGNORED = frozenset({"$scopeinfo", "$print", "$check", "$assert", "$assume", "$cover", "$live", "$fair"})

_COMPARISONS = frozenset({"$lt", "$le", "$gt", "$ge"})
_DIVISIONS = frozenset({"$div", "$mod", "$divfloor", "$modfloor"})
_SHIFTS = frozenset({"$shl", "$shr", "$sshl", "$sshr", "$shift", "$shiftx"})


class CellEvaluator(Generic[Bit]):
    """Evaluates cells over one algebra.

    Parameters
    ----------
    algebra : Algebra
        What a bit is.
    exclusive : callable
        Tells of a ``$pmux`` whether at most one of its selects can be 1. Where several are, its value is unknown: the
        arms of a ``unique case`` overlap although their author promised that they do not.
    """

    def __init__(self, algebra: Algebra[Bit], exclusive: Callable[[Cell], bool] = lambda cell: False) -> None:
        self.algebra = algebra
        self._exclusive = exclusive
        self._several: dict[str, Bit] = {}

    def bitwise(self, cell: Cell, index: int, read: Callable[[int], Bit]) -> Bit:
        """Return output bit ``index`` of a cell of :data:`BITWISE`; ``read`` gives the value of a net."""
        algebra = self.algebra
        pins = cell.connections
        kind = cell.type
        if kind == "$mux":
            select = read(pins["S"][0])
            if select == algebra.false:
                return read(pins["A"][index])
            if select == algebra.true:
                return read(pins["B"][index])
            return algebra.mux(select, read(pins["B"][index]), read(pins["A"][index]))
        if kind == "$pmux":
            width = len(pins["A"])
            value = read(pins["A"][index])
            for position in range(len(pins["S"]) - 1, -1, -1):
                value = algebra.mux(read(pins["S"][position]), read(pins["B"][position * width + index]), value)
            return (
                value if self._exclusive(cell) else algebra.strict_unless(self._selects_several(cell, read), [value])[0]
            )
        if kind == "$bwmux":
            return algebra.mux(read(pins["S"][index]), read(pins["B"][index]), read(pins["A"][index]))
        a = self._operand_bit(cell, "A", index, read)
        if kind in ("$buf", "$pos", "$tribuf"):
            return a
        if kind == "$not":
            return algebra.not_(a)
        b = self._operand_bit(cell, "B", index, read)
        if kind == "$and":
            return algebra.and_(a, b)
        if kind == "$or":
            return algebra.or_(a, b)
        different = algebra.xor(a, b)
        return different if kind == "$xor" else algebra.not_(different)

    def evaluate(self, cell: Cell, read: Callable[[int], Bit]) -> list[Bit]:
        """Return the bits of the cell's output ``Y``.

        Raises
        ------
        LimitReached
            ``unsupported-cell`` for a cell outside the library (a black box, an analogue primitive).
        """
        kind = cell.type
        width = len(cell.connections["Y"]) if "Y" in cell.connections else 0
        if kind in BITWISE:
            return [self.bitwise(cell, index, read) for index in range(width)]
        operands = {
            pin: [read(bit) for bit in cell.connections[pin]] for pin in ("A", "B", "S") if pin in cell.connections
        }
        if kind in _REDUCTIONS:
            return self._pad([self._reduction(kind, operands)], width)
        if kind in ("$eq", "$ne"):
            return self._pad([self._equality(cell, operands)], width)
        if kind in ("$eqx", "$nex"):
            return self._pad([self._case_equality(cell, read)], width)
        if kind == "$bweqx":
            return [self._case_equal_bit(cell, index, read) for index in range(width)]
        if kind in _COMPARISONS:
            return self._pad(self._comparison(cell, operands), width)
        if kind in ("$add", "$sub", "$mul", "$neg"):
            return self._linear(cell, operands, width)
        if kind in _DIVISIONS:
            return self._division(cell, operands, width)
        if kind in _SHIFTS:
            return self._shift(cell, operands, width)
        if kind == "$pow":
            return self._power(cell, operands, width)
        if kind == "$bmux":
            return self._binary_mux(operands["A"], operands["S"])
        if kind == "$demux":
            return self._demux(operands["A"], operands["S"])
        if kind == "$lut":
            return self._lut(cell, operands["A"])
        if kind == "$alu":
            raise LimitReached("unsupported-cell", "the design holds an $alu cell, which elaboration never makes")
        raise LimitReached("unsupported-cell", f"the design holds {cell.type}, which has no known function")

    # -- helpers ------------------------------------------------------------------------------------------------

    def _selects_several(self, cell: Cell, read: Callable[[int], Bit]) -> Bit:
        several = self._several.get(cell.name)
        if several is None:
            algebra = self.algebra
            any_so_far, several = algebra.false, algebra.false
            for net in cell.connections["S"]:
                select = read(net)
                several = algebra.or_(several, algebra.and_(any_so_far, select))
                any_so_far = algebra.or_(any_so_far, select)
            self._several[cell.name] = several
        return several

    def _operand_bit(self, cell: Cell, pin: str, index: int, read: Callable[[int], Bit]) -> Bit:
        bits = cell.connections[pin]
        if index < len(bits):
            return read(bits[index])
        signed = cell.integer("A_SIGNED") and ("B" not in cell.connections or cell.integer("B_SIGNED"))
        return read(bits[-1]) if signed and bits else self.algebra.false

    def _pad(self, bits: Sequence[Bit], width: int) -> list[Bit]:
        return [*bits[:width], *[self.algebra.false] * (width - len(bits))]

    def _extend(self, bits: Sequence[Bit], width: int, signed: bool) -> list[Bit]:
        fill = bits[-1] if signed and bits else self.algebra.false
        return [*bits[:width], *[fill] * (width - len(bits))]

    def _signed(self, cell: Cell) -> bool:
        return bool(cell.integer("A_SIGNED") and cell.integer("B_SIGNED"))

    def _reduction(self, kind: str, operands: dict[str, list[Bit]]) -> Bit:
        algebra = self.algebra

        def any_of(pin: str) -> Bit:
            return reduce_balanced(algebra.or_, operands[pin], algebra.false)

        if kind in ("$reduce_or", "$reduce_bool"):
            return any_of("A")
        if kind == "$reduce_and":
            return reduce_balanced(algebra.and_, operands["A"], algebra.true)
        if kind == "$reduce_xor":
            return reduce_balanced(algebra.xor, operands["A"], algebra.false)
        if kind == "$reduce_xnor":
            return algebra.not_(reduce_balanced(algebra.xor, operands["A"], algebra.false))
        if kind == "$logic_not":
            return algebra.not_(any_of("A"))
        if kind == "$logic_and":
            return algebra.and_(any_of("A"), any_of("B"))
        return algebra.or_(any_of("A"), any_of("B"))

    def _equality(self, cell: Cell, operands: dict[str, list[Bit]]) -> Bit:
        algebra = self.algebra
        width = max(len(operands["A"]), len(operands["B"]))
        a = self._extend(operands["A"], width, self._signed(cell))
        b = self._extend(operands["B"], width, self._signed(cell))
        same = [algebra.not_(algebra.xor(p, q)) for p, q in zip(a, b, strict=True)]
        equal = reduce_balanced(algebra.and_, same, algebra.true)
        return equal if cell.type == "$eq" else algebra.not_(equal)

    def _case_equality(self, cell: Cell, read: Callable[[int], Bit]) -> Bit:
        algebra = self.algebra
        width = max(len(cell.connections["A"]), len(cell.connections["B"]))
        same = [self._case_equal_bit(cell, index, read) for index in range(width)]
        equal = reduce_balanced(algebra.and_, same, algebra.true)
        return equal if cell.type == "$eqx" else algebra.not_(equal)

    def _case_equal_bit(self, cell: Cell, index: int, read: Callable[[int], Bit]) -> Bit:
        signed = self._signed(cell)
        nets = []
        for pin in ("A", "B"):
            bits = cell.connections[pin]
            nets.append(bits[index] if index < len(bits) else bits[-1] if signed and bits else 0)
        if X in nets and nets[0] != nets[1]:
            known = nets[0] if nets[1] == X else nets[1]
            return self._is_unknown(read(known))
        if nets[0] == nets[1]:
            return self.algebra.true
        return self.algebra.identical(read(nets[0]), read(nets[1]))

    def _is_unknown(self, bit: Bit) -> Bit:
        # Over literals nothing is ever x; over pairs, x is neither rail.
        if isinstance(bit, tuple):
            graph = self.algebra.graph
            return self.algebra.literal(graph.and_(bit[0] ^ 1, bit[1] ^ 1))
        return self.algebra.false

    def _comparison(self, cell: Cell, operands: dict[str, list[Bit]]) -> list[Bit]:
        signed = self._signed(cell)
        width = max(len(operands["A"]), len(operands["B"]))
        graph = self.algebra.graph

        def compare(literals: list[int]) -> list[int]:
            a = _extend_literals(literals[: len(operands["A"])], width, signed)
            b = _extend_literals(literals[len(operands["A"]) :], width, signed)
            if cell.type in ("$lt", "$ge"):
                result = arithmetic.less_than(graph, a, b, signed=signed)
                return [result if cell.type == "$lt" else result ^ 1]
            result = arithmetic.less_than(graph, b, a, signed=signed)
            return [result if cell.type == "$gt" else result ^ 1]

        return self.algebra.strict([*operands["A"], *operands["B"]], compare)

    def _linear(self, cell: Cell, operands: dict[str, list[Bit]], width: int) -> list[Bit]:
        graph = self.algebra.graph
        signed_a = bool(cell.integer("A_SIGNED"))
        if cell.type == "$neg":
            extended = self._extend(operands["A"], width, signed_a)
            return self.algebra.strict(extended, lambda a: arithmetic.negate(graph, a))
        signed = self._signed(cell)
        length = len(operands["A"])

        def compute(literals: list[int]) -> list[int]:
            a = _extend_literals(literals[:length], width, signed)
            b = _extend_literals(literals[length:], width, signed)
            if cell.type == "$add":
                return arithmetic.add(graph, a, b)[0]
            if cell.type == "$sub":
                return arithmetic.subtract(graph, a, b)[0]
            # Constants make the cheaper multiplier: rows of zero vanish.
            if sum(bit < 2 for bit in a) > sum(bit < 2 for bit in b):
                a, b = b, a
            return arithmetic.multiply(graph, a, b)

        return self.algebra.strict([*operands["A"], *operands["B"]], compute)

    def _division(self, cell: Cell, operands: dict[str, list[Bit]], width: int) -> list[Bit]:
        algebra = self.algebra
        graph = algebra.graph
        signed = self._signed(cell)
        inner = max(width, len(operands["A"]), len(operands["B"]))
        length = len(operands["A"])

        def compute(literals: list[int]) -> list[int]:
            a = _extend_literals(literals[:length], inner, signed)
            b = _extend_literals(literals[length:], inner, signed)
            floor = cell.type.endswith("floor")
            pair = arithmetic.divide_signed(graph, a, b, floor=floor) if signed else arithmetic.divide(graph, a, b)
            return pair[0 if cell.type.startswith("$div") else 1][:width]

        result = algebra.strict([*operands["A"], *operands["B"]], compute)
        zero = algebra.not_(reduce_balanced(algebra.or_, operands["B"], algebra.false))
        return algebra.strict_unless(zero, result)

    def _power(self, cell: Cell, operands: dict[str, list[Bit]], width: int) -> list[Bit]:
        # slang folds constant powers; what is left has a constant base of two or a constant exponent.
        exponent = operands["B"]
        algebra = self.algebra
        if any(bit not in (algebra.false, algebra.true) for bit in exponent):
            raise LimitReached("unsupported-cell", "a power (**) whose exponent is not constant cannot be proved")
        count = sum(1 << index for index, bit in enumerate(exponent) if bit == algebra.true)
        if cell.integer("B_SIGNED") and exponent and exponent[-1] == algebra.true:
            raise LimitReached("unsupported-cell", "a power (**) with a negative exponent cannot be proved")
        if count > 64:
            raise LimitReached("unsupported-cell", f"the exponent {count} is too large; at most 64 is supported")
        signed = bool(cell.integer("A_SIGNED"))

        def compute(literals: list[int]) -> list[int]:
            base = _extend_literals(literals, width, signed)
            product = [1, *[0] * (width - 1)]
            for _ in range(count):
                product = arithmetic.multiply(algebra.graph, base, product)
            return product

        return algebra.strict(operands["A"], compute)

    def _shift(self, cell: Cell, operands: dict[str, list[Bit]], width: int) -> list[Bit]:
        algebra = self.algebra
        kind = cell.type
        signed_a = bool(cell.integer("A_SIGNED"))
        indexed = kind in ("$shift", "$shiftx")
        inner = max(width, len(operands["A"]))
        outside = algebra.unknown() if kind == "$shiftx" else algebra.false
        if kind == "$shiftx":
            value = [*operands["A"], *[outside] * (inner - len(operands["A"]))]
        else:
            value = self._extend(operands["A"], inner, signed_a)
        amount = operands["B"]
        negative = amount[-1] if indexed and cell.integer("B_SIGNED") and amount else None
        fill_right = value[-1] if kind == "$sshr" and signed_a else outside
        if kind in ("$shl", "$sshl"):
            result = self._shift_by(value, amount, left=True, fill=algebra.false)
        else:
            magnitude = amount[:-1] if negative is not None else amount
            result = self._shift_by(value, magnitude, left=False, fill=fill_right)
            if negative is not None:
                graph = algebra.graph
                opposite = algebra.strict(amount, lambda b: arithmetic.negate(graph, b))
                left = self._shift_by(value, opposite, left=True, fill=outside)
                result = [algebra.mux(negative, p, q) for p, q in zip(left, result, strict=True)]
        return result[:width]

    def _shift_by(self, value: list[Bit], amount: Sequence[Bit], *, left: bool, fill: Bit) -> list[Bit]:
        width = len(value)
        for position, select in enumerate(amount):
            if select == self.algebra.false:
                continue
            distance = min(1 << position, width) if position < 40 else width
            moved = [*[fill] * distance, *value][:width] if left else [*value[distance:], *[fill] * distance]
            value = [self.algebra.mux(select, m, v) for m, v in zip(moved, value, strict=True)]
        return value

    def _binary_mux(self, data: list[Bit], select: list[Bit]) -> list[Bit]:
        word = len(data) >> len(select)
        for bit in select:
            # Each level halves the list: neighbouring words differ in this select bit.
            words = [data[i : i + word] for i in range(0, len(data), word)]
            data = [
                self.algebra.mux(bit, high, low)
                for k in range(0, len(words), 2)
                for low, high in zip(words[k], words[k + 1], strict=True)
            ]
        return data

    def _demux(self, data: list[Bit], select: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        out: list[Bit] = []
        for value in range(1 << len(select)):
            chosen = [bit if value >> i & 1 else algebra.not_(bit) for i, bit in enumerate(select)]
            enable = reduce_balanced(algebra.and_, chosen, algebra.true)
            out.extend(algebra.and_(enable, bit) for bit in data)
        return out

    def _lut(self, cell: Cell, inputs: list[Bit]) -> list[Bit]:
        algebra = self.algebra
        table = cell.parameters["LUT"][::-1]
        data = [algebra.true if char == "1" else algebra.false for char in table[: 1 << len(inputs)]]
        return self._binary_mux(data, inputs)


_REDUCTIONS = frozenset(
    {
        "$reduce_or",
        "$reduce_bool",
        "$reduce_and",
        "$reduce_xor",
        "$reduce_xnor",
        "$logic_not",
        "$logic_and",
        "$logic_or",
    }
)


def _extend_literals(literals: list[int], width: int, signed: bool) -> list[int]:
    fill = literals[-1] if signed and literals else 0
    return [*literals[:width], *[fill] * (width - len(literals))]
