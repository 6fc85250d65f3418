from __future__ import annotations

import itertools
import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import LimitReached
from chiploom.logic.aig import FALSE, TRUE, AndInverterGraph
from chiploom.logic.simulation import literal_value, program, run, stepper

INPUTS = 4
TABLE = (1 << (1 << INPUTS)) - 1


def truth_table(variable: int) -> int:
    return sum(1 << row for row in range(1 << INPUTS) if row >> variable & 1)


@st.composite
def recipes(draw: st.DrawFn) -> list[tuple[str, int, int, int]]:
    steps = []
    for index in range(draw(st.integers(1, 25))):
        operand = st.integers(0, 2 * (INPUTS + 1 + index) - 1)
        steps.append((draw(st.sampled_from(["and", "or", "xor", "mux"])), draw(operand), draw(operand), draw(operand)))
    return steps


def build(graph: AndInverterGraph, recipe: list[tuple[str, int, int, int]]) -> tuple[list[int], list[int]]:
    """Return literals of the graph and their truth tables, computed apart from the graph."""
    literals = [FALSE] + [graph.new_input() for _ in range(INPUTS)]
    tables = [0] + [truth_table(variable) for variable in range(INPUTS)]
    for kind, a, b, c in recipe:
        (p, tp), (q, tq), (r, tr) = (
            (literals[x >> 1] ^ (x & 1), tables[x >> 1] ^ (TABLE if x & 1 else 0)) for x in (a, b, c)
        )
        if kind == "and":
            literals.append(graph.and_(p, q))
            tables.append(tp & tq)
        elif kind == "or":
            literals.append(graph.or_(p, q))
            tables.append(tp | tq)
        elif kind == "xor":
            literals.append(graph.xor(p, q))
            tables.append(tp ^ tq)
        else:
            literals.append(graph.mux(p, q, r))
            tables.append((tp & tq) | (~tp & tr & TABLE))
    return literals, tables


def evaluate(graph: AndInverterGraph, inputs: list[int], literals: list[int]) -> list[int]:
    values = [0] * len(graph)
    for node, table in zip(inputs, map(truth_table, range(INPUTS)), strict=True):
        values[node] = table
    run(program(graph, [node for node in range(1, len(graph)) if graph.is_and(node)], TABLE), values)
    return [literal_value(values, literal, TABLE) for literal in literals]


@given(recipes())
def test_simplification_keeps_the_function(recipe: list[tuple[str, int, int, int]]) -> None:
    graph = AndInverterGraph()
    literals, tables = build(graph, recipe)
    assert evaluate(graph, [literal >> 1 for literal in literals[1 : INPUTS + 1]], literals) == tables


@given(recipes())
def test_nodes_are_in_topological_order(recipe: list[tuple[str, int, int, int]]) -> None:
    graph = AndInverterGraph()
    build(graph, recipe)
    for node in range(1, len(graph)):
        if graph.is_and(node):
            assert graph.fanin0[node] >> 1 < node
            assert graph.fanin1[node] >> 1 < node


@given(recipes(), st.lists(st.integers(0, 2 * (INPUTS + 1) - 1), min_size=INPUTS, max_size=INPUTS))
def test_substitution_composes_functions(recipe: list[tuple[str, int, int, int]], images: list[int]) -> None:
    graph = AndInverterGraph()
    literals, _ = build(graph, recipe)
    inputs = [literal >> 1 for literal in literals[1 : INPUTS + 1]]
    replacement = {node: literals[x >> 1] ^ (x & 1) for node, x in zip(inputs, images, strict=True)}
    root = literals[-1]
    (rebuilt,) = graph.substitute(replacement, [root])
    before = evaluate(graph, inputs, [root])[0]
    after = evaluate(graph, inputs, [rebuilt])[0]
    for row in range(1 << INPUTS):
        mapped = 0
        for variable, x in enumerate(images):
            source = 0 if x >> 1 == 0 else row >> ((x >> 1) - 1) & 1
            mapped |= (source ^ (x & 1)) << variable
        assert after >> row & 1 == before >> mapped & 1


@given(recipes())
def test_compiled_step_equals_interpretation(recipe: list[tuple[str, int, int, int]]) -> None:
    graph = AndInverterGraph()
    literals, tables = build(graph, recipe)
    inputs = [literal >> 1 for literal in literals[1 : INPUTS + 1]]
    gates = [node for node in range(1, len(graph)) if graph.is_and(node)]
    step = stepper(graph, gates, inputs[:2], inputs[2:], literals, literals[:1], TABLE)
    seen, following = step([truth_table(0), truth_table(1)], [truth_table(2), truth_table(3)])
    assert list(seen) == tables
    assert following == (0,)


@given(st.permutations(range(6)))
def test_equal_structure_is_the_same_literal(order: list[int]) -> None:
    graph = AndInverterGraph()
    bits = [graph.new_input() for _ in range(6)]
    first = graph.and_(graph.xor(bits[0], bits[1]), graph.mux(bits[2], bits[3], bits[4]))
    assert first == graph.and_(graph.mux(bits[2], bits[3], bits[4]), graph.xor(bits[1], bits[0]))
    assert graph.and_all(bits[i] for i in order[:2]) == graph.and_all(bits[i] for i in reversed(order[:2]))


@given(recipes(), recipes())
def test_a_graph_continues_another_and_leaves_it_alone(
    first: list[tuple[str, int, int, int]], second: list[tuple[str, int, int, int]]
) -> None:
    base = AndInverterGraph()
    literals, _ = build(base, first)
    before = len(base), bytes(base.fanin0), bytes(base.fanin1)
    inputs = [literal >> 1 for literal in literals[1 : INPUTS + 1]]
    alone = AndInverterGraph()
    build(alone, first)
    for _ in range(2):
        graph = AndInverterGraph(base=base)
        for kind, a, b, c in second:
            p, q, r = (literals[x >> 1 if x >> 1 < len(literals) else 0] ^ (x & 1) for x in (a, b, c))
            made = {"and": graph.and_, "or": graph.or_, "xor": graph.xor}.get(kind)
            again = {"and": alone.and_, "or": alone.or_, "xor": alone.xor}.get(kind)
            if made is None or again is None:
                assert graph.mux(p, q, r) == alone.mux(p, q, r)
            else:
                assert made(p, q) == again(p, q)
        assert (len(base), bytes(base.fanin0), bytes(base.fanin1)) == before
        assert (list(graph.fanin0), list(graph.fanin1)) == (list(alone.fanin0), list(alone.fanin1))
    assert evaluate(graph, inputs, literals) == evaluate(base, inputs, literals)


@given(recipes())
def test_a_graph_can_travel(recipe: list[tuple[str, int, int, int]]) -> None:
    graph = AndInverterGraph(1000)
    literals, _ = build(graph, recipe)
    arrived = pickle.loads(pickle.dumps(graph))
    assert (list(arrived.fanin0), list(arrived.fanin1)) == (list(graph.fanin0), list(graph.fanin1))
    a, b = literals[-1], literals[1]
    assert arrived.xor(a, b) == graph.xor(a, b)
    assert arrived.node_limit == 1000


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([], []),
        ([0], [0]),
        ([-1, -1, 2], [-1, -1]),
        ([-1, -1, 2], [-1, -1, 2]),  # its own fan-in
        ([-1, -1, -1, 2], [-1, -1, -1, 8]),  # a later node
        ([-1, -1, -1, 4], [-1, -1, -1, 2]),  # the wrong way round
        ([-1, -1, -1], [-1, -1, 5]),
    ],
)
def test_what_is_no_graph_does_not_arrive(first: list[int], second: list[int]) -> None:
    graph = AndInverterGraph()
    state = (1000, struct.pack(f"={len(first)}i", *first), struct.pack(f"={len(second)}i", *second))
    with pytest.raises(ValueError, match="graph"):
        graph.__setstate__(state)


def test_constants_fold() -> None:
    graph = AndInverterGraph()
    a = graph.new_input()
    for p, q in itertools.product((FALSE, TRUE, a, a ^ 1), repeat=2):
        assert graph.xor(p, q) in (FALSE, TRUE, a, a ^ 1)
        assert graph.and_(p, q) in (FALSE, TRUE, a, a ^ 1)
    assert len(graph) == 2


def test_size_limit() -> None:
    graph = AndInverterGraph(node_limit=3)
    a, b = graph.new_input(), graph.new_input()
    graph.and_(a, b)
    with pytest.raises(LimitReached) as caught:
        graph.and_(a, b ^ 1)
    assert caught.value.limit == "aig_nodes"
