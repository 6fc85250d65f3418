"""Few lanes of the three-valued product simulated for many steps, for differences far from reset.

A timer that counts hours differs after thousands of cycles in which nothing else happens. The step is compiled to a
Python function first; as many lanes are run as fit a small Python integer, on which arithmetic is cheapest.
"""

from __future__ import annotations

import random

from chiploom.prove.solvers.roles import roles_of
from chiploom.prove.subject import Subject
from chiploom.prove.system import Answer, Deadline, Refuted, Stimulus, Unknown, one_step

METHOD = "random"

_LANES = 30
_FEW_STEPS = 4_000
_MANY_STEPS = 50_000


def solve_soon(machine: Subject, deadline: Deadline) -> Answer:
    """Simulate for a fraction of a second, before solvers that need seconds are asked."""
    return _solve(machine, _FEW_STEPS, deadline)


def solve(machine: Subject, deadline: Deadline) -> Answer:
    """Simulate for as long as the deadline allows."""
    return _solve(machine, _MANY_STEPS, deadline)


def _solve(machine: Subject, steps: int, deadline: Deadline) -> Answer:
    system = machine.three_valued
    roles = roles_of(machine)
    mask = (1 << _LANES) - 1
    # A third keeps its inputs after the reset, a third changes them seldom, a third at every step.
    lively = (1 << _LANES // 3) - 1
    seldom = lively << _LANES // 3
    draw = random.Random(2).getrandbits
    step_once = one_step(system, (system.bad, system.constraint), mask)
    start = tuple(draw(_LANES) if latch.initial is None else mask if latch.initial else 0 for latch in system.latches)
    state = start
    legal = mask
    values = [draw(_LANES) for _ in system.inputs]
    places = {node: index for index, node in enumerate(system.inputs)}
    resets = [(places[node], 0 if active else mask) for node, active in roles.resets.items() if node in places]
    clocks = [places[node] for node in roles.clocks if node in places]
    if roles.tick in places:
        values[places[roles.tick]] = mask
    special = {*roles.resets, *roles.clocks, roles.tick}
    # Nets that nothing drives are no inputs that somebody moves: their values seldom change.
    moving = [places[node] for node in machine.inputs if node in places and node not in special]
    open_nets = [index for node, index in places.items() if node not in machine.inputs and node not in special]
    history: list[tuple[int, ...]] = []
    for step in range(steps):
        for index, idle in resets:
            values[index] = idle ^ (mask if step < 2 else 0)
        for index in clocks:
            values[index] = mask if step & 1 else 0
        # Where clocks are inputs, the others change while they are low, as in a test bench without races.
        for index in moving if not clocks or step & 1 == 0 else ():
            noise = draw(_LANES)
            change = noise & lively
            if step & 3 == 0:
                change |= noise & draw(_LANES) & draw(_LANES) & seldom
            values[index] ^= change
        if step & 63 == 63:
            for index in open_nets:
                values[index] ^= draw(_LANES) & (lively | seldom)
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
            rows = ({n: value >> lane & 1 for n, value in zip(system.inputs, row, strict=True)} for row in history)
            return Refuted(Stimulus(free, tuple(rows)))
        if not legal or (step & 63 == 63 and deadline.remaining_s() <= 0):
            break
    return Unknown()
