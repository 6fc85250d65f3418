"""Bit-parallel simulation: one Python integer per node holds the node's value in many runs at once (lanes)."""

from __future__ import annotations

from collections.abc import Iterable, MutableSequence, Sequence

from chiploom.logic.aig import AndInverterGraph

Program = Sequence[tuple[int, int, int, int, int]]
"""Per gate: node, fan-in nodes and the masks (0 or all lanes) that invert them."""


def program(graph: AndInverterGraph, gates: Iterable[int], mask: int) -> Program:
    """Compile ``gates`` (in topological order) for :func:`run`; ``mask`` has a one per lane."""
    fanin0, fanin1 = graph.fanin0, graph.fanin1
    return [
        (node, fanin0[node] >> 1, fanin1[node] >> 1, mask if fanin0[node] & 1 else 0, mask if fanin1[node] & 1 else 0)
        for node in gates
    ]


def run(compiled: Program, values: MutableSequence[int]) -> None:
    """Evaluate the gates in place; ``values`` is indexed by node and holds inputs and latches already."""
    for node, a, b, invert_a, invert_b in compiled:
        values[node] = (values[a] ^ invert_a) & (values[b] ^ invert_b)


def literal_value(values: Sequence[int], literal: int, mask: int) -> int:
    """Return the lanes in which ``literal`` is true."""
    return values[literal >> 1] ^ (mask if literal & 1 else 0)
