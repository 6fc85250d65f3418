"""Bit-parallel simulation: one Python integer per node holds the node's value in many runs at once (lanes)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableSequence, Sequence

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


Step = Callable[[Sequence[int], Sequence[int]], tuple[tuple[int, ...], tuple[int, ...]]]
"""From the values of inputs and latches to the values of the watched literals and of the latches after the step."""


def interpreter(
    graph: AndInverterGraph,
    gates: Iterable[int],
    inputs: Sequence[int],
    latches: Sequence[int],
    watched: Sequence[int],
    following: Sequence[int],
    mask: int,
) -> Step:
    """Like :func:`stepper` without compiling: cheaper for a few steps."""
    compiled = program(graph, gates, mask)
    values = [0] * len(graph)

    def step(input_values: Sequence[int], latch_values: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        for node, value in zip(inputs, input_values, strict=True):
            values[node] = value
        for node, value in zip(latches, latch_values, strict=True):
            values[node] = value
        run(compiled, values)
        return (
            tuple(literal_value(values, literal, mask) for literal in watched),
            tuple(literal_value(values, literal, mask) for literal in following),
        )

    return step


def stepper(
    graph: AndInverterGraph,
    gates: Iterable[int],
    inputs: Sequence[int],
    latches: Sequence[int],
    watched: Sequence[int],
    following: Sequence[int],
    mask: int,
) -> Step:
    """Return one step of a system as a Python function, several times faster than :func:`run` on long runs.

    Parameters
    ----------
    gates, inputs, latches : iterables of int
        Nodes; gates in topological order.
    watched, following : sequences of int
        Literals to return: what to look at, and the next values of ``latches`` in their order.
    mask : int
        One per lane.
    """

    def name(literal: int) -> str:
        return f"n{literal >> 1}" if not literal & 1 else f"(n{literal >> 1} ^ M)"

    lines = ["def step(inputs, latches):"]
    for nodes, source in ((inputs, "inputs"), (latches, "latches")):
        if nodes:
            lines.append(f"    {', '.join(f'n{node}' for node in nodes)}, = {source}")
    for node in gates:
        a, b = graph.fanin0[node], graph.fanin1[node]
        p, q = f"n{a >> 1}", f"n{b >> 1}"
        if a & 1 and b & 1:
            lines.append(f"    n{node} = M ^ ({p} | {q})")
        elif a & 1:
            lines.append(f"    n{node} = {q} & ~{p}")
        else:
            lines.append(f"    n{node} = {p} & {'~' if b & 1 else ''}{q}")
    results = [f"({''.join(name(literal) + ', ' for literal in literals)})" for literals in (watched, following)]
    lines.append(f"    return {', '.join(results)}")
    # The text holds nothing but node numbers: no part of it comes from a design.
    scope: dict[str, object] = {"M": mask, "n0": 0}
    exec(compile("\n".join(lines), "<simulation>", "exec"), scope)
    return scope["step"]  # type: ignore[return-value]
