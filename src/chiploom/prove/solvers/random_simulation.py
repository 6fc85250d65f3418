"""Directed random simulation of the three-valued product: it may find a difference, it never proves.

Lanes behave differently: half draw every input afresh at each step, a quarter change an input seldom, a quarter
keep their inputs for the whole run, so that counters run and states are reached that uniform noise never reaches.
Inputs that make the reference's registers known (resets) are found by trying, not by name.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from chiploom.logic.clocking import CLOCKED, TimeModel
from chiploom.logic.simulation import literal_value, program, run, stepper
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Refuted, Stimulus, TransitionSystem, Unknown

METHOD = "random"

_LANES = 256
_STEPS = 24
_COMBINATIONAL_LANES = 2048
_DEEP_LANES = 30
_DEEP_STEPS = 20_000
#: A reset shows in any register; this many are looked at.
_RESET_SAMPLE = 24
#: Work allowed for one run, in gate evaluations; larger designs get fewer steps (never fewer than four).
_WORK = 3_000_000
#: How often inputs that break the environment's assumption are drawn again within a step.
_REDRAWS = 6


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Simulate; also records the latches' values for the three-valued solver in ``machine.signatures``."""
    combinational = machine.model is TimeModel.COMBINATIONAL
    system = machine.three_valued
    lanes = _COMBINATIONAL_LANES if combinational else _LANES
    steps = 1 if combinational else _STEPS if machine.model is not TimeModel.GLOBAL_STEP else 3 * _STEPS
    steps = max(4, min(steps, _WORK // (len(system.gates) + 1))) if not combinational else 1
    roles = _roles(machine)
    return _simulate(machine, system, roles, lanes, steps, deadline, seed=1)


def solve_deep(machine: Subject, deadline: Deadline) -> Answer:
    """Simulate few lanes for many steps, for differences far from reset (a clock that counts hours).

    Most lanes keep their inputs after the reset; the others change them seldom.
    """
    system = machine.three_valued
    roles = _roles(machine)
    mask = (1 << _DEEP_LANES) - 1
    draw = random.Random(2).getrandbits
    moving = (1 << _DEEP_LANES // 3) - 1
    step_once = stepper(
        system.graph,
        system.gates,
        system.inputs,
        [latch.node for latch in system.latches],
        (system.bad, system.constraint),
        [latch.next for latch in system.latches],
        mask,
    )
    state = tuple(
        draw(_DEEP_LANES) if latch.initial is None else mask if latch.initial else 0 for latch in system.latches
    )
    start = state
    legal = mask
    values = [draw(_DEEP_LANES) for _ in system.inputs]
    history: list[tuple[int, ...]] = []
    for step in range(_DEEP_STEPS):
        for index, node in enumerate(system.inputs):
            if node in roles.resets:
                values[index] = (mask if step < 2 else 0) ^ (0 if roles.resets[node] else mask)
            elif node in roles.clocks:
                values[index] = mask if step & 1 else 0
            elif node == roles.tick:
                values[index] = mask
            elif step & 3 == 0:
                rare = draw(_DEEP_LANES) & draw(_DEEP_LANES) & draw(_DEEP_LANES)
                values[index] ^= rare & moving
        history.append(tuple(values))
        (bad, allowed), state = step_once(values, state)
        legal &= allowed
        if bad & legal:
            lane = (bad & legal & -(bad & legal)).bit_length() - 1
            free = {
                latch.node: value >> lane & 1
                for latch, value in zip(system.latches, start, strict=True)
                if latch.initial is None
            }
            return Refuted(
                Stimulus(
                    free,
                    tuple(
                        {node: value >> lane & 1 for node, value in zip(system.inputs, row, strict=True)}
                        for row in history
                    ),
                )
            )
        if not legal or (step & 63 == 63 and deadline.remaining_s() <= 0):
            break
    return Unknown()


def solve_quietly(machine: Subject, deadline: Deadline, seed: int) -> Answer:
    """Simulate the global-step model without races between inputs and clock."""
    roles = replace(_roles(machine), quiet=True)
    return _simulate(machine, machine.three_valued, roles, _LANES, 3 * _STEPS, deadline, seed=seed, record=False)


def reached(machine: Subject, system: TransitionSystem, deadline: Deadline) -> list[bool]:
    """Tell for each watched literal of ``system`` whether random simulation saw it hold in a legal run."""
    steps = max(8, min(200, _WORK // (len(system.gates) + 1)))
    seen = [False] * len(system.watched)
    _simulate(machine, system, _roles(machine), _LANES, steps, deadline, seed=3, record=False, seen=seen)
    return seen


@dataclass(frozen=True, slots=True)
class _Roles:
    """Input nodes that need special treatment: resets with their active value, clocks, the tick.

    ``quiet`` runs change inputs only while the clock is low, as a testbench without races would.
    """

    resets: dict[int, int]
    clocks: frozenset[int]
    tick: int
    quiet: bool = False


def _roles(machine: Subject) -> _Roles:
    clocks: set[str] = set()
    if machine.model is TimeModel.GLOBAL_STEP:
        for netlist in machine.netlists:
            nets = {cell.connections["CLK"][0] for cell in netlist.cells if cell.type in CLOCKED}
            clocks |= {port.name for port in netlist.ports.values() if not nets.isdisjoint(port.bits)}
    clock_nodes = frozenset(node for node, (port, _) in machine.inputs.items() if port in clocks)
    tick = machine.tick >> 1 if machine.model is TimeModel.TICK else -1
    return _Roles(_find_resets(machine, clock_nodes), clock_nodes, tick)


def _find_resets(machine: Subject, clocks: frozenset[int]) -> dict[int, int]:
    """Find one-bit inputs with a value that makes far more of the reference's registers known."""
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
    resets = {}
    for node, high in candidates.items():
        low = high ^ mask
        when_high = sum((lanes_known & high).bit_count() for lanes_known in known) / (high.bit_count() or 1)
        when_low = sum((lanes_known & low).bit_count() for lanes_known in known) / (low.bit_count() or 1)
        if when_high > 2 * when_low and when_high > 0.6 * len(known):
            resets[node] = 1
        elif when_low > 2 * when_high and when_low > 0.6 * len(known):
            resets[node] = 0
    return resets


def _simulate(
    machine: Subject,
    system: TransitionSystem,
    roles: _Roles,
    lanes: int,
    steps: int,
    deadline: Deadline,
    *,
    seed: int,
    record: bool = True,
    seen: list[bool] | None = None,
) -> Answer:
    graph = system.graph
    mask = (1 << lanes) - 1
    draw = random.Random(seed).getrandbits
    compiled = program(graph, system.gates, mask)
    values = [0] * len(graph)
    initial: dict[int, int] = {}
    for latch in system.latches:
        lanes_value = draw(lanes) if latch.initial is None else mask if latch.initial else 0
        values[latch.node] = lanes_value
        if latch.initial is None:
            initial[latch.node] = lanes_value
    quarter = lanes // 4
    lively = (1 << 2 * quarter) - 1
    sticky = ((1 << quarter) - 1) << 2 * quarter
    settled = mask & ~lively & ~sticky
    latches = [(latch.node, latch.next >> 1, mask if latch.next & 1 else 0) for latch in system.latches]
    history: list[dict[int, int]] = []
    legal = mask
    legal_lanes = 0
    signatures: dict[int, int] = {latch.node: 0 for latch in system.latches} if record else {}
    previous = {node: draw(lanes) for node in system.inputs}
    for step in range(steps):
        now: dict[int, int] = {}
        for node in system.inputs:
            if roles.quiet and step & 1 and node not in roles.clocks:
                value = previous[node]
            elif roles.quiet and node in roles.clocks:
                value = mask if step & 1 else 0
            elif node in roles.resets:
                assertion = draw(lanes) & draw(lanes) & draw(lanes) & draw(lanes) & ~settled
                if step < 2:
                    assertion |= draw(lanes) | settled
                value = assertion if roles.resets[node] else assertion ^ mask
            elif node in roles.clocks:
                beat = mask if step & 1 else 0
                value = (draw(lanes) & lively & ~(lively >> quarter)) | (beat & ~(lively & ~(lively >> quarter)))
            elif node == roles.tick:
                value = draw(lanes) | draw(lanes)
            else:
                fresh = draw(lanes)
                rare = draw(lanes) & draw(lanes) & draw(lanes)
                value = (fresh & lively) | ((previous[node] ^ rare) & sticky) | (previous[node] & settled)
            value &= mask
            values[node] = now[node] = previous[node] = value
        history.append(now)
        run(compiled, values)
        allowed = literal_value(values, system.constraint, mask)
        for _ in range(_REDRAWS):
            violating = legal & ~allowed
            if not violating:
                break
            for node in system.inputs:
                if node not in roles.resets:
                    previous[node] = now[node] = values[node] = now[node] ^ (draw(lanes) & violating)
            run(compiled, values)
            allowed = literal_value(values, system.constraint, mask)
        legal &= allowed
        bad = literal_value(values, system.bad, mask) & legal
        if bad:
            lane = (bad & -bad).bit_length() - 1
            return Refuted(
                Stimulus(
                    {node: value >> lane & 1 for node, value in initial.items()},
                    tuple({node: value >> lane & 1 for node, value in row.items()} for row in history),
                )
            )
        if seen is not None:
            for index, literal in enumerate(system.watched):
                seen[index] = seen[index] or bool(literal_value(values, literal, mask) & legal)
        if not legal:
            break
        if record:
            for node in signatures:
                signatures[node] = signatures[node] << lanes | values[node]
            legal_lanes = legal_lanes << lanes | legal
        if step & 7 == 7 and deadline.remaining_s() <= 0:
            return Unknown()
        following = [values[source] ^ invert for _, source, invert in latches]
        for (node, _, _), value in zip(latches, following, strict=True):
            values[node] = value
    if record:
        machine.signatures = signatures
        machine.signature_lanes = legal_lanes
    return Unknown()
