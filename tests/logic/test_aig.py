from __future__ import annotations

import itertools

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
