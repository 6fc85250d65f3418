"""Timing diagrams of statements: WaveDrom's JSON drawn as SVG, on the server and without style attributes.

Drawn are levels, clocks, boxes with labels, unknown and undriven stretches, gaps, groups, periods, head and foot.
Not drawn are nodes and the arrows between them, which no pack of ours uses. Columns are as wide as the labels need,
so ``hscale`` does not matter.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

_ROW = 30.0
_HEIGHT = 20.0
_SLOPE = 4.0
_CHARACTER = 7.0
_NARROWEST = 32.0
_LINE = 20.0

_LEVELS = {"0": 1.0, "l": 1.0, "L": 1.0, "d": 1.0, "1": 0.0, "h": 0.0, "H": 0.0, "u": 0.0, "z": 0.5}
_BOXES = "=23456789"
_CLOCKS = "pPnN"


@dataclass(frozen=True, slots=True)
class _Run:
    """Columns that are one shape."""

    shape: str
    start: int
    length: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    runs: tuple[_Run, ...]
    gaps: tuple[int, ...]
    period: float
    phase: float
    is_heading: bool = False

    @property
    def columns(self) -> float:
        return sum(run.length for run in self.runs) * self.period


def to_svg(diagram: Mapping[str, Any], caption: str) -> Markup:
    """Return a diagram as an SVG element that names itself by ``caption`` and describes itself in words."""
    lanes = list(_lanes(diagram.get("signal")))
    unit = _unit(lanes)
    names = max((len(lane.name) for lane in lanes), default=0) * _CHARACTER + 14
    head, foot = _mapping(diagram.get("head")), _mapping(diagram.get("foot"))
    top = 4.0 + (_LINE if head.get("text") else 0) + (_LINE if _counts(head) else 0)
    columns = max((lane.columns for lane in lanes), default=0.0)
    width = names + columns * unit + 8
    bottom = top + len(lanes) * _ROW
    height = bottom + 4 + (_LINE if foot.get("text") else 0) + (_LINE if _counts(foot) else 0)
    mark = "d" + hashlib.sha256(json.dumps([diagram, caption], sort_keys=True).encode()).hexdigest()[:10]
    parts = [
        f'<svg class="timing" role="img" aria-labelledby="{mark}-t {mark}-d" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">',
        f'<title id="{mark}-t">{escape(caption)}</title><desc id="{mark}-d">{escape(_told(lanes))}</desc>',
        f'<defs><pattern id="{mark}-x" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<path class="hatch" d="M-1 1L1 -1M0 7L7 0M6 8L8 6"/></pattern></defs>',
        *_grid(columns, names, unit, top, bottom),
        *_texts(head, names, columns, unit, 4.0, before=True),
    ]
    for index, lane in enumerate(lanes):
        y = top + index * _ROW + (_ROW - _HEIGHT) / 2
        anchor = "heading" if lane.is_heading else "name"
        x = 2.0 if lane.is_heading else names - 8
        parts.append(f'<text class="{anchor}" x="{x:g}" y="{y + 14:g}">{escape(lane.name)}</text>')
        parts += _drawn(lane, names, y, unit, mark)
    parts += _texts(foot, names, columns, unit, bottom, before=False)
    return Markup("".join([*parts, "</svg>"]))


def _lanes(signal: Any) -> Iterator[_Lane]:
    for index, lane in enumerate(signal if isinstance(signal, list) else []):
        if isinstance(lane, list):
            inner = lane[1:] if lane and isinstance(lane[0], str) else lane
            if inner is not lane:
                yield _Lane(lane[0], (), (), 1.0, 0.0, is_heading=True)
            yield from _lanes(inner)
        elif isinstance(lane, Mapping):
            yield _lane(lane)
        elif not (isinstance(lane, str) and index == 0):
            continue


def _lane(lane: Mapping[str, Any]) -> _Lane:
    data = lane.get("data", [])
    labels = iter(data.split() if isinstance(data, str) else [str(label) for label in data])
    wave = str(lane.get("wave", ""))
    runs: list[_Run] = []
    for column, character in enumerate(wave):
        if character in ".|" and runs:
            last = runs[-1]
            runs[-1] = _Run(last.shape, last.start, last.length + 1, last.label)
        elif character in _BOXES:
            runs.append(_Run(character, column, 1, next(labels, "")))
        elif character not in ".|":
            runs.append(_Run(character, column, 1))
    gaps = tuple(column for column, character in enumerate(wave) if character == "|")
    return _Lane(
        str(lane.get("name", "")), tuple(runs), gaps, _positive(lane.get("period"), 1.0), _number(lane.get("phase"))
    )


def _unit(lanes: Sequence[_Lane]) -> float:
    """Return the width of a column, enough for every label in its box."""
    needs = (
        (len(run.label) * _CHARACTER + 14) / (run.length * lane.period)
        for lane in lanes
        for run in lane.runs
        if run.shape in _BOXES
    )
    return round(min(120.0, max(_NARROWEST, *needs, _NARROWEST)), 1)


def _drawn(lane: _Lane, names: float, top: float, unit: float, mark: str) -> Iterator[str]:
    step = unit * lane.period
    left = names - lane.phase * unit
    line: list[str] = []
    before: float | None = None
    for run in lane.runs:
        start, end = left + run.start * step, left + (run.start + run.length) * step
        if run.shape in _CLOCKS:
            line.append(_clock(run, left, top, step, before is not None))
            before = 0.0 if run.shape in "nN" else 1.0
        elif run.shape in _LEVELS:
            level = _LEVELS[run.shape]
            y = top + level * _HEIGHT
            if before is None:
                line.append(f"M{start:g} {y:g}H{end:g}")
            elif before == level:
                line.append(f"H{end:g}")
            else:
                line.append(f"L{start + _SLOPE:g} {y:g}H{end:g}")
            before = level
        else:
            yield _box(run, start, end, top, mark)
            before = None
    if line:
        yield f'<path class="line" d="{"".join(line)}"/>'
    for column in lane.gaps:
        x = left + (column + 0.5) * step
        shape = "c4 -5 4 -5 4 -12s0 -7 4 -12"
        yield f'<path class="gap-fill" d="M{x - 5:g} {top + 22:g}{shape}h4c-4 5 -4 5 -4 12s0 7 -4 12z"/>'
        for side in (-5, -1):
            yield f'<path class="gap" d="M{x + side:g} {top + 22:g}{shape}"/>'


def _clock(run: _Run, left: float, top: float, step: float, is_joined: bool) -> str:
    high, low = top, top + _HEIGHT
    first, second = (low, high) if run.shape in "nN" else (high, low)
    start = left + run.start * step
    path = [] if is_joined else [f"M{start:g} {second:g}"]
    for column in range(run.start, run.start + run.length):
        x = left + column * step
        path.append(f"V{first:g}H{x + step / 2:g}V{second:g}H{x + step:g}")
    return ("" if not is_joined else f"H{start:g}") + "".join(path)


def _box(run: _Run, start: float, end: float, top: float, mark: str) -> str:
    low, middle = top + _HEIGHT, top + _HEIGHT / 2
    slope = min(_SLOPE, (end - start) / 4)
    shape = (
        f"M{start:g} {middle:g}L{start + slope:g} {top:g}H{end - slope:g}L{end:g} {middle:g}"
        f"L{end - slope:g} {low:g}H{start + slope:g}Z"
    )
    if run.shape not in _BOXES:
        return f'<path class="unknown" fill="url(#{mark}-x)" d="{shape}"/>'
    colour = "2" if run.shape == "=" else run.shape
    text = f'<text class="value" x="{(start + end) / 2:g}" y="{middle + 4.5:g}">{escape(run.label)}</text>'
    return f'<path class="box c{colour}" d="{shape}"/>{text}'


def _grid(columns: float, names: float, unit: float, top: float, bottom: float) -> Iterator[str]:
    lines = "".join(f"M{names + column * unit:g} {top:g}V{bottom:g}" for column in range(int(columns) + 1))
    yield f'<path class="grid" d="{lines}"/>'


def _texts(
    words: Mapping[str, Any], names: float, columns: float, unit: float, top: float, *, before: bool
) -> Iterator[str]:
    """Yield the title and the numbers of columns above, or beneath, the lanes."""
    middle = names + columns * unit / 2
    has_text = isinstance(words.get("text"), str)
    counts_at = top + (_LINE if before and has_text else 0) + 13
    text_at = top + (0 if before or not _counts(words) else _LINE) + 15
    if has_text:
        yield f'<text class="head" x="{middle:g}" y="{text_at:g}">{escape(words["text"])}</text>'
    for kind, shift in (("tick", 0.0), ("tock", 0.5)):
        if isinstance(words.get(kind), int):
            for column in range(int(columns) + (kind == "tick")):
                x = names + (column + shift) * unit
                yield f'<text class="count" x="{x:g}" y="{counts_at:g}">{words[kind] + column}</text>'


def _told(lanes: Sequence[_Lane]) -> str:
    """Return the diagram in words: each signal with its values, equal neighbours counted."""
    told = []
    for lane in lanes:
        values = [
            value
            for run in lane.runs
            for value in [run.label or {"=": "?"}.get(run.shape, "↑" if run.shape in _CLOCKS else run.shape)]
            * run.length
        ]
        counted = [(value, len(list(same))) for value, same in itertools.groupby(values)]
        if counted:
            listed = ", ".join(value if count == 1 else f"{value} ×{count}" for value, count in counted)
            told.append(f"{lane.name}: {listed}")
    return "; ".join(told)


def _counts(words: Mapping[str, Any]) -> bool:
    return isinstance(words.get("tick"), int) or isinstance(words.get("tock"), int)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _positive(value: Any, default: float) -> float:
    number = _number(value)
    return number if 0 < number <= 100 else default
