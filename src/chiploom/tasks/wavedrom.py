"""WaveDrom diagrams (https://github.com/wavedrom/schema) of statements: what is wrong with one, and one as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chiploom.tasks.texts import visible

_KEYS = {"signal", "head", "foot", "edge", "config"}
_SIGNAL_KEYS = {"name", "wave", "data", "node", "period", "phase"}
_WAVE = re.compile(r"[01xzudpPnNhHlL=2-9.|]*")


def problems(diagram: Mapping[str, Any]) -> Iterator[str]:
    """Yield each thing that keeps ``diagram`` from being drawn as meant."""
    for key in diagram.keys() - _KEYS:
        yield f"WaveDrom knows no key {key!r}"
    lanes = list(_lanes(diagram.get("signal")))
    if not any(isinstance(lane, dict) and lane.get("wave") for lane in lanes):
        yield "'signal' holds no wave"
    lengths: dict[float, str] = {}
    for lane in lanes:
        if not isinstance(lane, dict):
            yield f"{lane!r} is no signal; write an object with name and wave"
            continue
        name = lane.get("name", "")
        for key in lane.keys() - _SIGNAL_KEYS:
            yield f"signal {name!r}: WaveDrom knows no key {key!r}"
        wave = lane.get("wave", "")
        if not isinstance(wave, str) or not _WAVE.fullmatch(wave):
            yield f"signal {name!r}: wave {wave!r} holds a character WaveDrom does not draw"
            continue
        yield from _data_problems(name, wave, lane.get("data", []))
        period = lane.get("period", 1)
        if wave and isinstance(period, int | float):
            lengths.setdefault(len(wave) * period, name)
    if len(lengths) > 1:
        yield f"waves differ in length: {', '.join(f'{name!r} {length:g}' for length, name in lengths.items())}"


def draw(diagram: Mapping[str, Any], width: int = 100) -> str:
    """Return ``diagram`` as lines of text, as wide as it needs but cut at ``width`` columns."""
    lanes = [lane for lane in _lanes(diagram.get("signal")) if isinstance(lane, dict)]
    cells = [_cells(lane) for lane in lanes]
    column = max([4, *(len(text) + 3 for row in cells for _, text in row)])
    names = max((len(str(lane.get("name", ""))) for lane in lanes), default=0)
    lines = [
        f"{lane.get('name', '')!s:<{names}}  {_drawn(row, column)}".rstrip()
        for lane, row in zip(lanes, cells, strict=True)
    ]
    return "".join(visible(line if len(line) <= width else line[: width - 1] + "…") + "\n" for line in lines)


def _cells(lane: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return for each column what is drawn: a wave character with the dots resolved, and the label of a box."""
    data = lane.get("data", [])
    labels = iter(data.split() if isinstance(data, str) else data)
    cells: list[tuple[str, str]] = []
    for character in str(lane.get("wave", "")):
        if character in ".|" and cells:
            cells.append((cells[-1][0], "" if cells[-1][0] == "=" else cells[-1][1]))
        elif character in "=23456789":
            cells.append(("=", str(next(labels, ""))))
        else:
            cells.append((character, ""))
    return cells


def _drawn(cells: list[tuple[str, str]], column: int) -> str:
    half = column // 2
    high, low = f"╱{'▔' * (half - 1)}", f"╲{'▁' * (half - 1)}"
    clocks = {"p": high + low, "P": high + low, "n": low + high, "N": low + high}
    pieces: list[str] = []
    before = ""
    for shape, label in cells:
        level = {"h": "1", "H": "1", "u": "1", "l": "0", "L": "0", "d": "0"}.get(shape, shape)
        if shape in clocks:
            text = clocks[shape].ljust(column, clocks[shape][-1])
        elif level in ("0", "1"):
            line = "▔" if level == "1" else "▁"
            lead = line if before in ("", level) else ("╱" if level == "1" else "╲")
            text = lead + line * (column - 1)
        elif shape == "=":
            text = f"╳ {label} ".ljust(column, "─") if label or before != "=" else "─" * column
        else:
            text = {"x": "░", "z": "┄"}.get(shape, " ") * column
        pieces.append(text)
        before = level
    return "".join(pieces)


def _lanes(signal: Any) -> Iterator[Any]:
    """Yield the lanes, groups taken apart (a group is a list that begins with its name)."""
    for index, lane in enumerate(signal if isinstance(signal, list) else []):
        if isinstance(lane, list):
            yield from _lanes(lane[1:] if lane and isinstance(lane[0], str) else lane)
        elif isinstance(lane, str) and index == 0:
            continue
        else:
            yield lane


def _data_problems(name: str, wave: str, data: Any) -> Iterator[str]:
    labels = data.split() if isinstance(data, str) else data
    if not isinstance(labels, list):
        yield f"signal {name!r}: data must be a list or a string"
        return
    boxes = len(re.findall("[=2-9]", wave))
    if len(labels) > boxes:
        yield f"signal {name!r}: {len(labels)} data for {boxes} boxes"
