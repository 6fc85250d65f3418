"""From a run that a solver found to a counterexample a person can read: shorter, and without what does not matter."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chiploom.logic.clocking import TimeModel
from chiploom.logic.simulation import interpreter, literal_value, program, run, stepper
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.subject import Shown, Subject
from chiploom.prove.system import Deadline, Stimulus, TransitionSystem, reduced
from chiploom.prove.trace import TICK

#: Expected values, got values and registers of one step, and the ports that are wrong in it.
_Row = tuple[dict[str, str], dict[str, str], dict[str, str], tuple[str, ...]]
#: Runs longer than this are shortened by leaving out few blocks only.
_LONG = 400
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
        rows = _evaluate_definite(subject, system, shown, initial, steps)
    else:
        steps, initial = _needed(subject, system, stimulus, shown)
        rows = _evaluate(subject, shown, initial, steps)
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
    near; in a long run only once.

    Parameters
    ----------
    unit : int
        Number of steps that stay together.
    """
    while (length := len(stimulus.steps)) > 1 and deadline.remaining_s() > 0:
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
    step_once = make(
        system.graph,
        system.gates,
        system.inputs,
        [latch.node for latch in system.latches],
        (system.bad, system.constraint),
        [latch.next for latch in system.latches],
        mask,
    )
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


def _evaluate(
    subject: Subject, shown: Shown, initial: Mapping[int, int], steps: Sequence[Mapping[int, int]]
) -> list[_Row]:
    """Evaluate the run three-valued, unknown where an input does not matter; return words per step.

    Two runs side by side, one a bit: in the second, inputs that do not matter are 0. What is unknown only in the first
    is written ``-``, what is unknown in both ``x``.
    """
    graph = subject.graph
    latches = subject.all_latches()
    roots = [latch.next for latch in latches.values()]
    roots += [literal for bits in shown.expected.values() for bit in bits for literal in bit]
    roots += [literal for bits in shown.got.values() for bit in bits for literal in bit]
    roots += [literal for bits in shown.registers.values() for literal in bits.values()]
    roots += [literal for bits in shown.wrong.values() for wrong, support in bits for literal in (wrong, *support)]
    size = len(graph)
    one, zero = [0] * size, [0] * size
    zero[0] = 3
    rail = (one, zero)
    gates = []
    leaves = []
    for node in graph.cone(roots):
        a, b = graph.fanin0[node], graph.fanin1[node]
        if a < 0:
            leaves.append(node)
        else:
            # Which list holds "the operand is 1" and which "the operand is 0", for each operand.
            gates.append((node, a >> 1, b >> 1, rail[a & 1], rail[~a & 1], rail[b & 1], rail[~b & 1]))
    state: dict[int, tuple[int, int]] = {}
    for node, latch in latches.items():
        start = initial.get(node) if latch.initial is None else latch.initial
        state[node] = (3 * (start == 1), 3 * (start == 0))

    def rails(literal: int) -> tuple[int, int]:
        node = literal >> 1
        return (zero[node], one[node]) if literal & 1 else (one[node], zero[node])

    rows = []
    for step in steps:
        for node in leaves:
            if node in state:
                one[node], zero[node] = state[node]
            else:
                value = step.get(node)
                one[node] = 3 * (value == 1)
                zero[node] = 3 * (value == 0) if value is not None else 2 * (node in subject.inputs)
        for node, a, b, one_a, zero_a, one_b, zero_b in gates:
            one[node] = one_a[a] & one_b[b]
            zero[node] = zero_a[a] | zero_b[b]
        expected = {
            name: _word(
                _open((rails(one_)[0], rails(zero_)[0]), (rails(on)[0], rails(off)[0])) for one_, zero_, on, off in bits
            )
            for name, bits in shown.expected.items()
        }
        got = {
            name: _word(_open(rails(value), rails(driven)) for value, driven in bits)
            for name, bits in shown.got.items()
        }
        registers = {
            name: _word(_open(rails(bits[index]), (3, 0)) if index in bits else "x" for index in range(max(bits) + 1))
            for name, bits in shown.registers.items()
        }
        failing = tuple(name for name, bits in shown.wrong.items() if any(rails(wrong)[0] & 1 for wrong, _ in bits))
        rows.append((expected, got, registers, failing))
        state = {node: rails(latch.next) for node, latch in latches.items()}
    return rows


def _evaluate_definite(
    subject: Subject,
    system: TransitionSystem,
    shown: Shown,
    initial: Mapping[int, int],
    steps: Sequence[Mapping[int, int]],
) -> list[_Row]:
    """Like :func:`_evaluate` for a run in which every input is definite: far cheaper on long runs."""
    extra = [literal for bits in shown.expected.values() for bit in bits for literal in bit]
    extra += [literal for bits in shown.got.values() for bit in bits for literal in bit]
    extra += [literal for bits in shown.registers.values() for literal in bits.values()]
    everything = reduced(subject.graph, subject.all_latches(), system.bad, system.constraint, (*system.watched, *extra))
    roots = list(dict.fromkeys((*everything.watched, 0)))
    place = {literal: index for index, literal in enumerate(roots)}
    step_once = stepper(
        subject.graph,
        everything.gates,
        everything.inputs,
        [latch.node for latch in everything.latches],
        roots,
        [latch.next for latch in everything.latches],
        1,
    )
    state = tuple(
        initial.get(latch.node, 0) if latch.initial is None else latch.initial for latch in everything.latches
    )
    rows = []
    for step in steps:
        seen, state = step_once([step.get(node, 0) for node in everything.inputs], state)
        value_of = {literal: (seen[index], seen[index] ^ 1) for literal, index in place.items()}
        expected = {
            name: _word(
                _bit((value_of[one][0], value_of[zero][0]), (value_of[on][0], value_of[off][0]))
                for one, zero, on, off in bits
            )
            for name, bits in shown.expected.items()
        }
        got = {name: _word(_bit(value_of[v], value_of[d]) for v, d in bits) for name, bits in shown.got.items()}
        registers = {
            name: _word(_bit(value_of[bits[i]], (1, 0)) if i in bits else "x" for i in range(max(bits) + 1))
            for name, bits in shown.registers.items()
        }
        failing = tuple(name for name, bits in shown.wrong.items() if any(value_of[wrong][0] for wrong, _ in bits))
        rows.append((expected, got, registers, failing))
    return rows


def _open(value: tuple[int, int], driven: tuple[int, int]) -> str:
    """Return a bit of the two runs as one letter."""
    with_open, with_values = (
        _bit((value[0] & run, value[1] & run), (driven[0] & run, driven[1] & run)) for run in (1, 2)
    )
    return "-" if with_open == "x" != with_values else with_open


def _bit(value: tuple[int, int], driven: tuple[int, int]) -> str:
    if driven[1]:
        return "z"
    if not driven[0]:
        return "x"
    return "1" if value[0] else "0" if value[1] else "x"


def _word(bits: Iterable[str]) -> str:
    return "".join(bits)[::-1]


def _input_words(subject: Subject, row: Mapping[int, int]) -> dict[str, str]:
    words: dict[str, dict[int, str]] = {}
    for node, (port, index) in subject.inputs.items():
        value = row.get(node)
        words.setdefault(port, {})[index] = "x" if value is None else str(value)
    out = {port: _word(bits[index] for index in range(len(bits))) for port, bits in words.items()}
    if subject.model is TimeModel.TICK:
        out[TICK] = str(row.get(subject.tick >> 1, 0))
    return out


def _clock_ports(subject: Subject) -> set[str]:
    if subject.model is not TimeModel.GLOBAL_STEP:
        return set()
    netlist = subject.submission
    nets: set[Any] = {cell.connections["CLK"][0] for cell in netlist.cells if "CLK" in cell.connections}
    return {port.name for port in netlist.ports.values() if not nets.isdisjoint(port.bits)}
