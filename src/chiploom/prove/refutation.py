"""From a run that a solver found to a counterexample a person can read: shorter, and without what does not matter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from chiploom.logic.clocking import TimeModel
from chiploom.logic.simulation import interpreter, literal_value, program, run, stepper
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.rows import evaluate, evaluate_definite, word_of
from chiploom.prove.subject import Shown, Subject
from chiploom.prove.system import Deadline, Stimulus, TransitionSystem, one_step, reduced
from chiploom.prove.trace import TICK

#: Runs longer than this are shortened by leaving out few blocks only.
_LONG = 400
#: Those of a timer that counts hours are as long as they must be.
_VERY_LONG = 2_000
#: A run of more steps than this pays for compiling its step.
_WORTH_COMPILING = 200
#: Above this many node values a run is shown as it was found, with nothing left open.
_MANY_VALUES = 400_000


def counterexample(subject: Subject, stimulus: Stimulus, deadline: Deadline) -> Counterexample:
    """Shorten a run, find what does not matter in it, and write it down by port names."""
    # Gates that hold a value tell a clock edge with a change of inputs from one without: no half of a clock cycle is
    # left out then.
    unit = 2 if subject.model is TimeModel.GLOBAL_STEP and subject.submission_cut_loops() else 1
    stimulus = shorten(subject.three_valued, stimulus, deadline, unit=unit)
    shown = subject.shown()
    watched = tuple(
        literal for bits in shown.wrong.values() for wrong, support in bits for literal in (wrong, *support)
    )
    refuted = subject.three_valued
    system = reduced(subject.graph, subject.all_latches(), refuted.bad, refuted.constraint, watched)
    if len(system.cone) * len(stimulus.steps) > _MANY_VALUES:
        steps, initial = _filled(subject, system, stimulus)
        rows = evaluate_definite(subject, system, shown, initial, steps)
    else:
        steps, initial = _needed(subject, system, stimulus, shown)
        rows = evaluate(subject, shown, initial, steps)
    # What nothing shown depends on is left out: in a long run even naming it costs time.
    matters = frozenset(system.inputs)
    free_nets = {node: net for node, net in subject.submission_free_nets().items() if node in matters}
    power_up = {}
    for state in subject.submission_states():
        if state.net:
            start = state.initial[0]
            power_up[state.net] = start if start is not None else initial.get(state.rails[0] >> 1, 0)
    return Counterexample(
        model=subject.model.value,
        clock=subject.clock,
        clock_edge=subject.clock_edge,  # type: ignore[arg-type]
        inputs=tuple(_input_words(subject, row) for row in steps),
        free=tuple({net: row.get(node, 0) for node, net in free_nets.items()} for row in steps),
        power_up=power_up,
        expected=tuple(row[0] for row in rows),
        got=tuple(row[1] for row in rows),
        registers=tuple(row[2] for row in rows),
        failing=rows[-1][3],
    )


def _needed(
    subject: Subject, system: TransitionSystem, stimulus: Stimulus, shown: Shown
) -> tuple[tuple[dict[int, int], ...], dict[int, int]]:
    """Return steps and power-up values with only those that matter."""
    needed_initial, needed = justify(system, stimulus, shown)
    always_shown = set()
    if subject.model is TimeModel.TICK:
        always_shown.add(subject.tick >> 1)
    clocks = _clock_ports(subject)
    if clocks and subject.submission_cut_loops():
        # Gates that hold a value see every change on the way to a step, so nothing may be left open.
        clocks |= {port for port, _ in subject.inputs.values()}
    always_shown |= {node for node, (port, _) in subject.inputs.items() if port in clocks}
    # A port of which any bit matters is shown whole, its other bits 0: "a=9" reads better than "a[3]=1, a[0]=1".
    nodes_of: dict[str, list[int]] = {}
    for node, (port, _) in subject.inputs.items():
        nodes_of.setdefault(port, []).append(node)
    steps = []
    for index, row in enumerate(stimulus.steps):
        wanted = needed[index] | always_shown
        ports = {subject.inputs[node][0] for node in wanted if node in subject.inputs}
        shown_whole = {node: 0 for port in ports for node in nodes_of[port]}
        steps.append(shown_whole | {node: row.get(node, 0) for node in wanted})
    return tuple(steps), {node: stimulus.initial.get(node, 0) for node in needed_initial}


def _filled(
    subject: Subject, system: TransitionSystem, stimulus: Stimulus
) -> tuple[tuple[dict[int, int], ...], dict[int, int]]:
    """Return steps and power-up values with nothing left open."""
    inputs = {*subject.inputs, *system.inputs}
    initial = {latch.node: stimulus.initial.get(latch.node, 0) for latch in system.latches if latch.initial is None}
    return tuple({node: row.get(node, 0) for node in inputs} for row in stimulus.steps), initial


def shorten(system: TransitionSystem, stimulus: Stimulus, deadline: Deadline, *, unit: int = 1) -> Stimulus:
    """Return a run that is bad no later, found by leaving out blocks of steps.

    Many ways to leave out one block are tried at once, one per simulation lane, until none helps or the deadline is
    near; in a long run only once, in a very long one not at all.

    Parameters
    ----------
    unit : int
        Number of steps that stay together.
    """
    while 1 < (length := len(stimulus.steps)) <= _VERY_LONG and deadline.remaining_s() > 0:
        blocks = [(0, 0), *((start * unit, size * unit) for start, size in _blocks(length // unit))]
        bad_at, lane = _first_bad(system, stimulus, blocks)
        if bad_at + 1 >= length:
            break
        start, size = blocks[lane]
        kept = [*stimulus.steps[:start], *stimulus.steps[start + size :]][: bad_at + 1]
        stimulus = Stimulus(stimulus.initial, tuple(kept))
        if len(kept) > _LONG:
            break
    return stimulus


def _blocks(length: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks (start, size) to try to leave out of a run.

    Of a short run all of 1, 2, 4, ... steps. Of a long one large blocks and a few steps at its beginning, together no
    more than fit a small integer, on which simulation is fastest.
    """
    is_long = length > _LONG
    size = length // 8 if is_long else 1
    while size < length:
        for start in range(0, length - size + 1, size if is_long else 1):
            yield start, size
        size *= 2
    if is_long:
        for start, few in itertools.product(range(4), (1, 2, 3)):
            yield start, few


def justify(system: TransitionSystem, stimulus: Stimulus, shown: Shown) -> tuple[set[int], list[set[int]]]:
    """Return the free latches and, per step, the inputs whose values force a difference in the last step.

    Walks back from one wrong output bit at the last step (and ``constraint`` at every step): an AND that is 1 needs
    both fan-ins, one that is 0 needs a single fan-in that is 0. Every other value can change without undoing the
    difference.
    """
    values = _values_per_step(system, stimulus)
    last = len(values) - 1
    support = next(
        support for bits in shown.wrong.values() for wrong, support in bits if values[last][wrong >> 1] ^ (wrong & 1)
    )
    graph = system.graph
    fanin0, fanin1 = graph.fanin0, graph.fanin1
    latches = {latch.node: latch for latch in system.latches}
    needed: list[set[int]] = [set() for _ in values]
    initial: set[int] = set()
    visited: list[set[int]] = [set() for _ in values]
    stack = [(step, system.constraint >> 1) for step in range(last + 1)]
    stack += [(last, literal >> 1) for literal in support]
    while stack:
        step, node = stack.pop()
        if node == 0 or node in visited[step]:
            continue
        visited[step].add(node)
        a = fanin0[node]
        if a < 0:
            latch = latches.get(node)
            if latch is None:
                needed[step].add(node)
            elif step > 0:
                stack.append((step - 1, latch.next >> 1))
            elif latch.initial is None:
                initial.add(node)
            continue
        b = fanin1[node]
        row = values[step]
        if row[node]:
            stack.append((step, a >> 1))
            stack.append((step, b >> 1))
            continue
        falsifying = [literal >> 1 for literal in (a, b) if row[literal >> 1] ^ (literal & 1) == 0]
        stack.append((step, min(falsifying, key=lambda n: (n not in visited[step], n))))
    return initial, needed


def _first_bad(system: TransitionSystem, stimulus: Stimulus, blocks: list[tuple[int, int]]) -> tuple[int, int]:
    """Simulate every shortened run in its own lane; return the earliest bad step and its lane."""
    lanes = len(blocks)
    mask = (1 << lanes) - 1
    length = len(stimulus.steps)
    make = stepper if length > _WORTH_COMPILING else interpreter
    step_once = one_step(system, (system.bad, system.constraint), mask, make=make)
    state = tuple(
        mask if (stimulus.initial.get(latch.node, 0) if latch.initial is None else latch.initial) else 0
        for latch in system.latches
    )
    # A lane with a block (start, size) left out reads, from step "start" on, what the run has "size" steps later.
    leaving: dict[int, list[tuple[int, int]]] = {}
    for lane, (start, size) in enumerate(blocks):
        leaving.setdefault(start, []).append((size, 1 << lane))
    lanes_by_shift = {0: mask}
    ones = [[index for index, node in enumerate(system.inputs) if row.get(node, 0)] for row in stimulus.steps]
    legal = mask
    for step in range(length):
        for size, lane_bit in leaving.get(step, ()):
            lanes_by_shift[0] &= ~lane_bit
            lanes_by_shift[size] = lanes_by_shift.get(size, 0) | lane_bit
        values = [0] * len(system.inputs)
        for size, members in lanes_by_shift.items():
            if step + size >= length:
                legal &= ~members
                continue
            for index in ones[step + size]:
                values[index] |= members
        (bad, allowed), state = step_once(values, state)
        legal &= allowed
        if bad & legal:
            return step, (bad & legal & -(bad & legal)).bit_length() - 1
    return length, 0


def _values_per_step(system: TransitionSystem, stimulus: Stimulus) -> list[list[int]]:
    compiled = program(system.graph, system.gates, 1)
    size = len(system.graph)
    state = {
        latch.node: (stimulus.initial.get(latch.node, 0) if latch.initial is None else latch.initial)
        for latch in system.latches
    }
    rows = []
    for step in stimulus.steps:
        values = [0] * size
        for node in system.inputs:
            values[node] = step.get(node, 0)
        for node, value in state.items():
            values[node] = value
        run(compiled, values)
        rows.append(values)
        state = {latch.node: literal_value(values, latch.next, 1) for latch in system.latches}
    return rows


def _input_words(subject: Subject, row: Mapping[int, int]) -> dict[str, str]:
    words: dict[str, dict[int, str]] = {}
    for node, (port, index) in subject.inputs.items():
        value = row.get(node)
        words.setdefault(port, {})[index] = "x" if value is None else str(value)
    out = {port: word_of(bits[index] for index in range(len(bits))) for port, bits in words.items()}
    if subject.model is TimeModel.TICK:
        out[TICK] = str(row.get(subject.tick >> 1, 0))
    return out


def _clock_ports(subject: Subject) -> set[str]:
    if subject.model is not TimeModel.GLOBAL_STEP:
        return set()
    netlist = subject.submission
    nets: set[Any] = {cell.connections["CLK"][0] for cell in netlist.cells if "CLK" in cell.connections}
    return {port.name for port in netlist.ports.values() if not nets.isdisjoint(port.bits)}
