"""Directed random simulation of the three-valued product: it may find a difference, it never proves.

Lanes behave differently: half draw every input afresh at each step, a quarter change an input seldom, a quarter
keep their inputs for the whole run, so that counters run and states are reached that uniform noise never reaches.
"""

from __future__ import annotations

import random
from dataclasses import replace

from chiploom.logic.clocking import TimeModel
from chiploom.logic.simulation import literal_value, program, run
from chiploom.prove.solvers.roles import Roles, roles_of
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Refuted, Stimulus, TransitionSystem, Unknown

METHOD = "random"

_LANES = 256
#: In a large design of many like parts, fewer lanes find as much.
_FEW_LANES = 64
_MANY_GATES = 10_000
_STEPS = 24
_COMBINATIONAL_LANES = 2048
#: Work allowed for one run, in gate evaluations; larger designs get fewer steps (never fewer than four).
_WORK = 3_000_000
#: How often inputs that break the environment's assumption are drawn again within a step.
_REDRAWS = 6


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Simulate; also records the latches' values for the three-valued solver in ``machine.signatures``."""
    combinational = machine.model is TimeModel.COMBINATIONAL
    system = machine.three_valued
    few = len(system.gates) > _MANY_GATES
    lanes = _COMBINATIONAL_LANES if combinational else _FEW_LANES if few else _LANES
    steps = 1 if combinational else _STEPS if machine.model is not TimeModel.GLOBAL_STEP else 3 * _STEPS
    steps = max(4, min(steps, _WORK // (len(system.gates) + 1))) if not combinational else 1
    roles = roles_of(machine)
    return _simulate(machine, system, roles, lanes, steps, deadline, seed=1)


def solve_quietly(machine: Subject, deadline: Deadline, seed: int) -> Answer:
    """Simulate the global-step model without races between inputs and clock."""
    roles = replace(roles_of(machine), quiet=True)
    return _simulate(machine, machine.three_valued, roles, _LANES, 3 * _STEPS, deadline, seed=seed, record=False)


def reached(machine: Subject, system: TransitionSystem, deadline: Deadline) -> list[bool]:
    """Tell for each watched literal of ``system`` whether random simulation saw it hold in a legal run."""
    steps = max(8, min(200, _WORK // (len(system.gates) + 1)))
    seen = [False] * len(system.watched)
    _simulate(machine, system, roles_of(machine), _LANES, steps, deadline, seed=3, record=False, seen=seen)
    return seen


def _simulate(
    machine: Subject,
    system: TransitionSystem,
    roles: Roles,
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
            if all(seen):
                break
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
