"""What a run shows, step by step: the literals of a graph evaluated and written as words of 0, 1, x, z and -."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chiploom.logic.aig import FALSE, TRUE
from chiploom.prove.subject import Shown, Subject
from chiploom.prove.system import TransitionSystem, one_step, reduced

Row = tuple[dict[str, str], dict[str, str], dict[str, str], tuple[str, ...]]
"""Expected values, got values and registers of one step, and the ports that are wrong in it."""


def evaluate(
    subject: Subject, shown: Shown, initial: Mapping[int, int], steps: Sequence[Mapping[int, int]]
) -> list[Row]:
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
            name: word_of(
                _open((rails(one_)[0], rails(zero_)[0]), (rails(on)[0], rails(off)[0])) for one_, zero_, on, off in bits
            )
            for name, bits in shown.expected.items()
        }
        got = {
            name: word_of(_open(rails(value), rails(driven)) for value, driven in bits)
            for name, bits in shown.got.items()
        }
        registers = {
            name: word_of(_open(rails(bits[index]), (3, 0)) if index in bits else "x" for index in range(max(bits) + 1))
            for name, bits in shown.registers.items()
        }
        failing = tuple(name for name, bits in shown.wrong.items() if any(rails(wrong)[0] & 1 for wrong, _ in bits))
        rows.append((expected, got, registers, failing))
        state = {node: rails(latch.next) for node, latch in latches.items()}
    return rows


def evaluate_definite(
    subject: Subject,
    system: TransitionSystem,
    shown: Shown,
    initial: Mapping[int, int],
    steps: Sequence[Mapping[int, int]],
) -> list[Row]:
    """Like :func:`evaluate` for a run in which every input is definite: far cheaper on long runs."""
    groups: dict[tuple[str, str], list[tuple[int, int, int, int] | None]] = {
        ("expected", name): list(bits) for name, bits in shown.expected.items()
    }
    for name, driven_bits in shown.got.items():
        groups["got", name] = [(v, v ^ 1, d, d ^ 1) for v, d in driven_bits]
    for name, register in shown.registers.items():
        groups["registers", name] = [
            (register[i], register[i] ^ 1, TRUE, FALSE) if i in register else None for i in range(max(register) + 1)
        ]
    extra = tuple(literal for bits in groups.values() for bit in bits if bit is not None for literal in bit)
    everything = reduced(subject.graph, subject.all_latches(), system.bad, system.constraint, (*system.watched, *extra))
    roots = list(dict.fromkeys((*everything.watched, FALSE)))
    step_once = one_step(everything, roots, 1)
    place = {literal: index for index, literal in enumerate(roots)}
    words = [(*key, _WordReader(bits, place)) for key, bits in groups.items()]
    wrong = [(name, [place[literal] for literal, _ in bits]) for name, bits in shown.wrong.items()]
    state = tuple(
        initial.get(latch.node, 0) if latch.initial is None else latch.initial for latch in everything.latches
    )
    rows = []
    for step in steps:
        seen, state = step_once([step.get(node, 0) for node in everything.inputs], state)
        parts: dict[str, dict[str, str]] = {"expected": {}, "got": {}, "registers": {}}
        for part, name, word in words:
            parts[part][name] = word.read(seen)
        failing = tuple(name for name, places in wrong if any(seen[at] for at in places))
        rows.append((parts["expected"], parts["got"], parts["registers"], failing))
    return rows


class _WordReader:
    """Reads one word from the values of a step; words repeat, so each is spelled once."""

    def __init__(self, bits: Sequence[tuple[int, int, int, int] | None], place: Mapping[int, int]) -> None:
        self._places = [place[literal] for bit in bits if bit is not None for literal in bit]
        self._is_there = [bit is not None for bit in bits]
        self._known: dict[tuple[int, ...], str] = {}

    def read(self, seen: Sequence[int]) -> str:
        """Return the word, most significant bit first."""
        values = tuple([seen[at] for at in self._places])
        word = self._known.get(values)
        if word is None:
            rest = iter(values)
            letters = [
                "x" if not there else _bit((next(rest), next(rest)), (next(rest), next(rest)))
                for there in self._is_there
            ]
            word = self._known[values] = word_of(letters)
        return word


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


def word_of(bits: Iterable[str]) -> str:
    """Return bits, least significant first, as a word."""
    return "".join(bits)[::-1]
