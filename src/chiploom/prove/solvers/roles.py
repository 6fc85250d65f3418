"""Which inputs are resets, clocks or the tick: found by trying what they do, not by their names."""

from __future__ import annotations

import random
from dataclasses import dataclass

from chiploom.logic.clocking import CLOCKED, TimeModel
from chiploom.logic.simulation import literal_value, program, run
from chiploom.prove.subject import Subject

#: A reset shows in any register; this many are looked at.
_RESET_SAMPLE = 24
#: What noise makes known is no sign of a reset.
_LEAST_KNOWN = 0.75


@dataclass(frozen=True, slots=True)
class Roles:
    """Input nodes that need special treatment: resets with their active value, clocks, the tick.

    ``quiet`` runs change inputs only while the clock is low, as a testbench without races would.
    """

    resets: dict[int, int]
    clocks: frozenset[int]
    tick: int
    quiet: bool = False


def roles_of(machine: Subject) -> Roles:
    """Find the inputs of a machine that simulation has to treat specially."""
    clocks: set[str] = set()
    if machine.model is TimeModel.GLOBAL_STEP:
        for netlist in machine.netlists:
            nets = {cell.connections["CLK"][0] for cell in netlist.cells if cell.type in CLOCKED}
            clocks |= {port.name for port in netlist.ports.values() if not nets.isdisjoint(port.bits)}
    clock_nodes = frozenset(node for node, (port, _) in machine.inputs.items() if port in clocks)
    tick = machine.tick >> 1 if machine.model is TimeModel.TICK else -1
    return Roles(_find_resets(machine, clock_nodes), clock_nodes, tick)


def _find_resets(machine: Subject, clocks: frozenset[int]) -> dict[int, int]:
    """Find one-bit inputs with a value that makes more of the reference's registers known than anything else."""
    states = machine.judge_states()
    unknown = [state for state in states if state.initial == (0, 0) and state.net]
    unknown = unknown[:: len(unknown) // _RESET_SAMPLE + 1]
    if not unknown:
        return {}
    single = {port.name for netlist in machine.netlists for port in netlist.ports.values() if port.width == 1}
    graph = machine.graph
    lanes = 64
    mask = (1 << lanes) - 1
    draw = random.Random(0).getrandbits
    values = [0] * len(graph)
    roots = [rail for state in unknown for rail in state.next]
    cone = graph.cone(roots)
    for state in states:
        for rail, initial in zip(state.rails, state.initial, strict=True):
            values[rail >> 1] = mask if initial else 0
    candidates = {}
    for node in cone:
        if not graph.is_and(node) and (node in machine.inputs or node == machine.tick >> 1):
            values[node] = draw(lanes) if node != machine.tick >> 1 else mask
            if node in machine.inputs and node not in clocks and machine.inputs[node][0] in single:
                candidates[node] = values[node]
    run(program(graph, [node for node in cone if graph.is_and(node)], mask), values)
    # In the global-step model a synchronous reset needs an edge; its effect shows in the sampled values instead.
    known = [literal_value(values, s.next[0], mask) | literal_value(values, s.next[1], mask) for s in unknown]
    # For each value of each candidate: how many registers it makes known, on average.
    made_known: dict[tuple[int, int], float] = {}
    for node, high in candidates.items():
        for value, chosen in ((1, high), (0, high ^ mask)):
            total = sum((lanes_known & chosen).bit_count() for lanes_known in known)
            made_known[node, value] = total / (chosen.bit_count() or 1)
    enough = max(0.6 * max(made_known.values(), default=0.0), _LEAST_KNOWN)
    return {
        node: value
        for (node, value), count in made_known.items()
        if count > enough and count > 2 * made_known[node, 1 - value]
    }
