"""Every cell against Yosys' own constant evaluation, which shares no code with ours."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pyosys import libyosys

from chiploom.hdl.netlist import Cell
from chiploom.logic.aig import AndInverterGraph
from chiploom.logic.algebra import BooleanAlgebra, TernaryAlgebra
from chiploom.logic.cells import CellEvaluator
from chiploom.logic.simulation import literal_value, program, run

# fmt: off
BINARY = [
    "and", "or", "xor", "xnor", "eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "div", "mod", "divfloor",
    "modfloor", "shl", "shr", "sshl", "sshr", "shift", "shiftx", "logic_and", "logic_or",
]
UNARY = [
    "not", "pos", "neg", "reduce_and", "reduce_or", "reduce_xor", "reduce_xnor", "reduce_bool", "logic_not",
]
# fmt: on
SHIFTS = ("shl", "shr", "sshl", "sshr", "shift", "shiftx")


def words(alphabet: str, most: int = 5) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=most)


@st.composite
def cases(draw: st.DrawFn, alphabet: str) -> tuple[Cell, dict[str, str]]:
    kind = draw(st.sampled_from(BINARY + UNARY))
    operands = {"A": draw(words(alphabet))}
    signed = draw(st.booleans())
    parameters = {"A_SIGNED": str(int(signed))}
    if kind in BINARY:
        operands["B"] = draw(words(alphabet, 3 if kind in SHIFTS else 5))
        # Shifts look at the signedness of each operand alone; everything else needs both alike.
        signed_b = signed
        if kind in ("shift", "shiftx"):
            signed_b = draw(st.booleans())
        elif kind in SHIFTS:
            signed_b = False
        parameters["B_SIGNED"] = str(int(signed_b))
        if kind == "shiftx":
            parameters["A_SIGNED"] = "0"
    width = draw(st.integers(1, 6))
    return cell(f"${kind}", operands, width, parameters), operands


def cell(kind: str, operands: dict[str, str], width: int, parameters: dict[str, str]) -> Cell:
    net = itertools.count(2)
    pins = {pin: tuple(next(net) for _ in word) for pin, word in operands.items()}
    pins["Y"] = tuple(next(net) for _ in range(width))
    return Cell("c", kind, parameters, pins, frozenset({"Y"}), "")


def ours(tested: Cell, operands: dict[str, str], *, ternary: bool) -> str:
    graph = AndInverterGraph()
    values: dict[int, int] = {}
    bits: dict[int, Any] = {}
    for pin, word in operands.items():
        for net, character in zip(tested.connections[pin], reversed(word), strict=True):
            one, zero = graph.new_input(), graph.new_input()
            values[one >> 1], values[zero >> 1] = int(character == "1"), int(character == "0")
            bits[net] = (one, zero) if ternary else one
    algebra: Any = TernaryAlgebra(graph) if ternary else BooleanAlgebra(graph)
    result = CellEvaluator[Any](algebra).evaluate(tested, lambda net: bits[net])
    rows = [values.get(node, 0) for node in range(len(graph))]
    run(program(graph, [node for node in range(1, len(graph)) if graph.is_and(node)], 1), rows)

    def character(bit: Any) -> str:
        if not ternary:
            return str(literal_value(rows, bit, 1))
        one, zero = (literal_value(rows, rail, 1) for rail in bit)
        assert not (one and zero)
        return "1" if one else "0" if zero else "x"

    return "".join(map(character, reversed(result)))


def theirs(tested: Cell, operands: dict[str, str]) -> str:
    function: Callable[..., Any] = getattr(libyosys, f"const_{tested.type[1:]}")
    empty = libyosys.Const.from_string("")
    arguments = [libyosys.Const.from_string(operands[pin]) if pin in operands else empty for pin in ("A", "B")]
    signs = [tested.parameters.get(f"{pin}_SIGNED") == "1" for pin in ("A", "B")]
    return str(function(*arguments, *signs, len(tested.connections["Y"])).as_string())


def concretisations(operands: dict[str, str]) -> list[dict[str, str]]:
    unknown = sum(word.count("x") for word in operands.values())
    out = []
    for choice in itertools.product("01", repeat=unknown):
        digits = iter(choice)
        out.append({pin: "".join(next(digits) if c == "x" else c for c in word) for pin, word in operands.items()})
    return out


@settings(max_examples=1500, deadline=None)
@given(cases("01"))
def test_definite_operands_give_yosys_result(case: tuple[Cell, dict[str, str]]) -> None:
    tested, operands = case
    expected = theirs(tested, operands)
    assert ours(tested, operands, ternary=True) == expected
    got = ours(tested, operands, ternary=False)
    # Where Yosys says x (division by zero, index outside), the Boolean reading is free to be anything.
    assert all(e in ("x", g) for e, g in zip(expected, got, strict=True))


@settings(max_examples=1500, deadline=None)
@given(cases("01x"))
def test_unknown_operands_are_neither_guessed_nor_spread_further_than_yosys_does(
    case: tuple[Cell, dict[str, str]],
) -> None:
    tested, operands = case
    got = ours(tested, operands, ternary=True)
    for concrete in concretisations(operands)[:64]:
        for mine, actual in zip(got, theirs(tested, concrete), strict=True):
            assert mine in ("x", actual), (got, concrete)
    for mine, actual in zip(got, theirs(tested, operands), strict=True):
        assert actual in ("x", mine)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_multiplexers(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["mux", "bwmux", "bmux", "demux"]))
    width = data.draw(st.integers(1, 3))
    alphabet = data.draw(st.sampled_from(["01", "01x"]))
    exact = st.text(alphabet, min_size=width, max_size=width)
    selects = 1 if kind == "mux" else width if kind == "bwmux" else data.draw(st.integers(1, 3))
    select = data.draw(st.text(alphabet, min_size=selects, max_size=selects))
    operands = {"A": data.draw(exact), "S": select}
    if kind in ("mux", "bwmux"):
        operands["B"] = data.draw(exact)
    if kind == "bmux":
        operands["A"] = data.draw(st.text(alphabet, min_size=width << selects, max_size=width << selects))
    size = width << selects if kind == "demux" else width
    tested = cell(f"${kind}", operands, size, {})
    const = {pin: libyosys.Const.from_string(word) for pin, word in operands.items()}
    order = ("A", "B", "S") if "B" in operands else ("A", "S")
    expected = getattr(libyosys, f"const_{kind}")(*(const[pin] for pin in order)).as_string()
    got = ours(tested, operands, ternary=True)
    assert all(actual in ("x", mine) for mine, actual in zip(got, expected, strict=True))
    if alphabet == "01":
        assert got == expected
        assert ours(tested, operands, ternary=False) == expected


@settings(max_examples=300, deadline=None)
@given(words("01x"), words("01x"))
def test_case_equality_tells_x_from_values(a: str, b: str) -> None:
    width = max(len(a), len(b))
    operands = {"A": a.rjust(width, "0"), "B": b.rjust(width, "0")}
    for kind in ("$eqx", "$nex"):
        tested = cell(kind, operands, 1, {})
        assert ours(tested, operands, ternary=True) == theirs(tested, operands)
