"""Writing a transition system as binary AIGER (Biere, "The AIGER And-Inverter Graph Format", FMV report 07/1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chiploom.logic.aig import AndInverterGraph


def write(
    graph: AndInverterGraph, inputs: Sequence[int], latches: Mapping[int, int], gates: Sequence[int], output: int
) -> bytes:
    """Return the AIGER file of a system whose latches all start at 0.

    Parameters
    ----------
    graph : AndInverterGraph
        Holds the literals.
    inputs : sequence of int
        Input nodes; the k-th is given the symbol ``i<node>``.
    latches : mapping of int to int
        Latch node to literal of its next value.
    gates : sequence of int
        AND nodes in topological order; with inputs and latches they cover the cone.
    output : int
        The single output literal.
    """
    number = {0: 0}
    for node in (*inputs, *latches, *gates):
        number[node] = len(number)

    def renumbered(literal: int) -> int:
        return number[literal >> 1] << 1 | literal & 1

    out = bytearray(f"aig {len(number) - 1} {len(inputs)} {len(latches)} 1 {len(gates)}\n".encode())
    for following in latches.values():
        out += f"{renumbered(following)}\n".encode()
    out += f"{renumbered(output)}\n".encode()
    for node in gates:
        first, second = renumbered(graph.fanin0[node]), renumbered(graph.fanin1[node])
        if first < second:
            first, second = second, first
        for delta in ((number[node] << 1) - first, first - second):
            while delta >= 128:
                out.append(delta & 127 | 128)
                delta >>= 7
            out.append(delta)
    for position, node in enumerate(inputs):
        out += f"i{position} i{node}\n".encode()
    return bytes(out)
