"""A trace as a waveform of text: for the terminal, readable without colour.

One column is one cycle, numbered from 1; the active clock edge falls on the border between two columns. One-bit
signals are drawn as levels, wider ones as segments that begin with their value. Expected and got stand one above the
other, with a line of ``▲`` where they differ. What fits in no panel is left out in the middle and said so.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chiploom import messages
from chiploom.prove.trace import Trace, edge_follows, printable, value_text, visible_inputs

_DEFAULT_WIDTH = 100
_NARROWEST_COLUMN = 4
_WIDEST_COLUMN = 22
_LONGEST_NAME = 24
_MOST_REGISTERS = 16

_Kind = Literal["clock", "bus", "text", "marks"]
_STYLES = {
    "": "",
    "head": "\x1b[1m",
    "dim": "\x1b[2m",
    "expected": "\x1b[32m",
    "wrong": "\x1b[1;31m",
}
_RESET = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the waveform: its labels and what it shows in each cycle."""

    group: str
    name: str
    role: str
    kind: _Kind
    values: tuple[str, ...]
    style: str = ""
    wrong: frozenset[int] = frozenset()
    signed: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text in one style."""

    text: str
    style: str = ""


def draw(
    trace: Trace, language: str = "en", colour: bool = False, width: int | None = None, most_panels: int = 4
) -> str:
    """Return the waveform of a trace, several lines that end with a line break.

    Parameters
    ----------
    trace : Trace
        A counterexample, or a plain run (nothing expected).
    language : {"en", "vi", "fr"}
        Language of the labels.
    colour : bool
        Whether to add ANSI colours.
    width : int, optional
        Columns of the terminal; 100 when not given. A trace that is wider is continued in panels below.
    most_panels : int
        A trace that needs more panels is shown by its beginning and its end; the cycles in between are counted.
    """
    rows, notes = _rows(trace, language)
    labels = _Labels(rows, messages.text("trace.word-cycle", language))
    column = _column_width(rows, len(trace.cycles))
    room = max(1, ((width or _DEFAULT_WIDTH) - labels.width) // column)
    lines: list[str] = []
    for first, last in _panels(len(trace.cycles), room, most_panels):
        if lines:
            lines.append("")
        if first < 0:
            words = {"first": str(-first), "last": str(last), "count": str(last + first + 1)}
            lines.append(f"{labels.indent}⋮ {messages.text('trace.cycles-not-drawn', language, **words)} ⋮")
            continue
        lines += _panel(rows, labels, first, last, column, colour)
    if trace.model == "combinational" and len(trace.cycles) == 1:
        lines = lines[1:]
    lines += ["", *_wrapped([*notes, *_legend(trace, rows, language)], width or _DEFAULT_WIDTH)]
    while not lines[-1]:
        lines.pop()
    return "".join(f"{line.rstrip()}\n" for line in lines)


# -- what is drawn ----------------------------------------------------------------------------------------------


def _rows(trace: Trace, language: str) -> tuple[list[_Row], list[str]]:
    """Return the rows and the notes about what is not among them."""
    words = {
        word: messages.text(f"trace.word-{word}", language)
        for word in ("inputs", "outputs", "registers", "assertions", "expected", "got", "fails")
    }
    bus: _Kind = "text" if trace.model == "combinational" else "bus"
    rows = _clock_rows(trace)
    inputs = [visible_inputs(trace.model, trace.clock, cycle.inputs) for cycle in trace.cycles]
    for name, values in _signals(inputs).items():
        rows.append(_Row(words["inputs"], _label(name, values), "", bus, values, signed=name in trace.signed))
    expected = _signals(cycle.expected for cycle in trace.cycles)
    got = _signals(cycle.got for cycle in trace.cycles)
    last = len(trace.cycles) - 1
    for name, values in got.items():
        signed = name in trace.signed
        if name not in expected:
            rows.append(_Row(words["outputs"], _label(name, values), "", bus, values, signed=signed))
            continue
        wrong = frozenset({last} if name in trace.failing else ())
        want = expected[name]
        label = _label(name, want)
        rows.append(_Row(words["outputs"], label, words["expected"], bus, want, "expected", signed=signed))
        rows.append(_Row(words["outputs"], "", words["got"], bus, values, wrong=wrong, signed=signed))
        if wrong:
            rows.append(_Row(words["outputs"], "", "", "marks", values, "wrong", wrong, signed))
    registers = _signals(cycle.registers for cycle in trace.cycles)
    inner = [name for name, values in registers.items() if got.get(name) != values]
    for name in inner[:_MOST_REGISTERS]:
        signed = name in trace.signed
        rows.append(_Row(words["registers"], _label(name, registers[name]), "", bus, registers[name], signed=signed))
    for name in trace.failing:
        if name not in got:
            fails = ("",) * last + (f"▲ {words['fails']}",)
            rows.append(_Row(words["assertions"], name, "", "text", fails, "wrong"))
    rest = len(inner) - _MOST_REGISTERS
    return rows, [messages.text("trace.registers-not-drawn", language, count=str(rest))] if rest > 0 else []


def _clock_rows(trace: Trace) -> list[_Row]:
    """Return the row of the implied clock: by cycle, the edge it begins with, or the level it rests at."""
    if trace.clock is None or trace.model not in ("cycle", "tick"):
        return []
    rest, edge = ("0", "rise") if trace.clock_edge == "posedge" else ("1", "fall")
    edges = [edge if edge_follows(trace.model, cycle.inputs) else rest for cycle in trace.cycles[:-1]]
    return [_Row("", _label(trace.clock, ("0",)), "", "clock", (rest, *edges), "dim")]


def _signals(cycles: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Turn mappings by cycle into values by name; "" where a cycle has none."""
    steps = list(cycles)
    names = dict.fromkeys(name for step in steps for name in step)
    return {name: tuple(step.get(name, "") for step in steps) for name in names}


def _label(name: str, values: Sequence[str]) -> str:
    width = max(map(len, values))
    shown = printable(name)
    if len(shown) > _LONGEST_NAME:
        shown = f"{shown[: _LONGEST_NAME // 2]}…{shown[1 - _LONGEST_NAME // 2 :]}"
    return shown if width < 2 else f"{shown}[{width - 1}:0]"


def _legend(trace: Trace, rows: Sequence[_Row], language: str) -> list[str]:
    """Return the explanation of the signs that occur."""
    checked = bool(trace.failing) or any(cycle.expected for cycle in trace.cycles)
    signs = {
        "differs": any(row.kind == "marks" for row in rows),
        "open": checked and any(_open(value) for value in _values(trace)),
        "open-digits": checked and any(_partly_open(value) for value in _values(trace)),
        "open-expected": _has(trace, "expected", "x"),
        "unknown": not checked and any(_has(trace, part, "x") for part in ("inputs", "got", "registers")),
        "floating": any(_has(trace, part, "z") for part in ("inputs", "expected", "got")),
    }
    return [messages.text(f"trace.legend-{sign}", language) for sign, occurs in signs.items() if occurs]


def _wrapped(notes: Sequence[str], width: int) -> list[str]:
    """Set notes side by side, as many as fit a line."""
    lines: list[str] = []
    for note in notes:
        if lines and len(lines[-1]) + 3 + len(note) <= width:
            lines[-1] += f"   {note}"
        else:
            lines.append(note)
    return lines


def _values(trace: Trace) -> Iterator[str]:
    for cycle in trace.cycles:
        for part in (cycle.inputs, cycle.expected, cycle.got, cycle.registers):
            yield from part.values()


def _open(value: str) -> bool:
    """Say whether no bit of a value is settled, so that it is drawn as ░."""
    return bool(value) and set(value) <= {"x", "-"}


def _partly_open(value: str) -> bool:
    """Say whether some bits of a value are not settled, so that it is written with digits such as x."""
    return not set(value).isdisjoint("x-") and not _open(value)


def _has(trace: Trace, part: str, char: str) -> bool:
    return any(char in value for cycle in trace.cycles for value in getattr(cycle, part).values())


# -- how it is laid out -----------------------------------------------------------------------------------------


class _Labels:
    """The columns of text left of the waveform."""

    def __init__(self, rows: Sequence[_Row], cycle_word: str) -> None:
        self._group = max((len(row.group) for row in rows), default=0)
        self._name = max((len(row.name) for row in rows), default=0)
        self._role = max(len(cycle_word), *(len(row.role) for row in rows), 0)
        self._cycle_word = cycle_word
        self.width = self._group + self._name + self._role + 4
        self.indent = " " * self.width

    def head(self) -> str:
        return f"{self._cycle_word:>{self.width - 1}} "

    def of(self, row: _Row, previous: _Row | None) -> str:
        group = row.group if previous is None or previous.group != row.group else ""
        return f"{group:<{self._group}} {row.name:<{self._name}} {row.role:>{self._role}}  "


def _column_width(rows: Sequence[_Row], cycles: int) -> int:
    lengths = [len(str(cycles))]
    for row in rows:
        if row.kind == "text":
            lengths += [len(_text(value, row.signed)) for value in row.values]
        elif row.kind == "bus":
            lengths += [len(value_text(value, row.signed)) for value in set(row.values) if len(value) > 1]
    width = min(max(max(lengths) + 3, _NARROWEST_COLUMN), _WIDEST_COLUMN)
    return width + width % 2


def _panels(cycles: int, room: int, most_panels: int) -> Iterator[tuple[int, int]]:
    """Yield ``(first, last + 1)`` of each panel; ``(-first, last)``, counted from 1, for cycles left out."""
    starts = range(0, cycles, room)
    if len(starts) <= max(most_panels, 2):
        yield from ((start, min(start + room, cycles)) for start in starts)
        return
    kept = max(most_panels, 2)
    head, tail = kept - kept // 2, kept // 2
    yield from ((start, start + room) for start in starts[:head])
    yield -(head * room + 1), cycles - tail * room
    yield from ((cycles - (tail - place) * room, cycles - (tail - place - 1) * room) for place in range(tail))


def _panel(rows: Sequence[_Row], labels: _Labels, first: int, last: int, column: int, colour: bool) -> list[str]:
    numbers = "".join(f"  {number + 1:<{column - 2}}" for number in range(first, last))
    lines = [_paint([_Piece(labels.head() + numbers, "head")], colour)]
    previous: _Row | None = None
    for row in rows:
        if row.kind == "marks" and row.wrong.isdisjoint(range(first, last)):
            continue
        if previous is not None and previous.group != row.group:
            lines.append("")
        pieces = _PAINTERS[row.kind](row, first, last, column)
        lines.append(_paint([_Piece(labels.of(row, previous)), *pieces], colour))
        previous = row
    return lines


def _paint(pieces: Sequence[_Piece], colour: bool) -> str:
    if not colour:
        return "".join(piece.text for piece in pieces)
    return "".join(
        f"{_STYLES[piece.style]}{piece.text}{_RESET}" if piece.style and piece.text.strip() else piece.text
        for piece in pieces
    )


# -- how a row is drawn -----------------------------------------------------------------------------------------


def _draw_clock(row: _Row, first: int, last: int, column: int) -> list[_Piece]:
    half = column // 2
    shapes = {
        "rise": f"╱{'▔' * (half - 1)}╲{'▁' * (column - half - 1)}",
        "fall": f"╲{'▁' * (half - 1)}╱{'▔' * (column - half - 1)}",
        "0": "▁" * column,
        "1": "▔" * column,
    }
    return [_Piece("".join(shapes[row.values[at]] for at in range(first, last)), row.style)]


def _draw_signal(row: _Row, first: int, last: int, column: int) -> list[_Piece]:
    """Draw runs of equal values, each at once; a run ends where wrong begins."""
    pieces: list[_Piece] = []
    shown = [(at, row.values[at], at in row.wrong) for at in range(first, last)]
    for (value, wrong), run in itertools.groupby(shown, key=lambda cell: cell[1:]):
        cells = list(run)
        before = row.values[cells[0][0] - 1] if cells[0][0] else value
        length = len(cells) * column
        text = _level_run(value, before, length) if len(value) == 1 else _bus_run(value, before, length, row.signed)
        style = "wrong" if wrong else "dim" if value and set(value) <= {"x", "z", "-"} else row.style
        pieces.append(_Piece(text, style))
    return pieces


def _level_run(value: str, before: str, length: int) -> str:
    line = {"0": "▁", "1": "▔", "z": "┄"}.get(value, "░")
    lead = line
    if value != before and value in "01":
        lead = "╱" if value == "1" else "╲"
    return lead + line * (length - 1)


def _bus_run(value: str, before: str, length: int, signed: bool) -> str:
    if not value:
        return " " * length
    if _open(value):
        return "░" * length
    if set(value) == {"z"}:
        return "┄" * length
    lead = "╳" if value != before else "─"
    text = _fitted(value_text(value, signed), length - 3)
    return f"{lead} {text} ".ljust(length, "─")


def _draw_text(row: _Row, first: int, last: int, column: int) -> list[_Piece]:
    return [
        _Piece(
            f"  {_fitted(_text(row.values[at], row.signed), column - 2):<{column - 2}}",
            "wrong" if at in row.wrong else row.style,
        )
        for at in range(first, last)
    ]


def _draw_marks(row: _Row, first: int, last: int, column: int) -> list[_Piece]:
    pieces = []
    for at in range(first, last):
        value = row.values[at]
        mark = f"  {'▲' * min(len(_text(value, row.signed)), column - 3)}" if at in row.wrong else ""
        pieces.append(_Piece(mark.ljust(column), "wrong"))
    return pieces


def _text(value: str, signed: bool) -> str:
    """Return a bit string as value; other text as it is."""
    if _open(value):
        return "░"
    return value_text(value, signed) if value and set(value) <= set("01xz-") else value


def _fitted(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


_PAINTERS: Mapping[_Kind, Callable[[_Row, int, int, int], list[_Piece]]] = {
    "clock": _draw_clock,
    "bus": _draw_signal,
    "text": _draw_text,
    "marks": _draw_marks,
}
