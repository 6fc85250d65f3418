"""What can be wrong with a WaveDrom diagram (https://github.com/wavedrom/schema), in words for its author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
