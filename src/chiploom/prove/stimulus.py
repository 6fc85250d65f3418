"""Inputs for a simulation, as a learner writes them: a small CSV file, or WaveDrom's JSON.

CSV: the first line names input ports, each further line is one cycle. Values are decimal (``7``, ``-1``), ``0x2a``,
``0b1010``, Verilog's ``8'hff``, or ``x``. Empty lines and lines that begin with ``#`` are skipped; commas, semicolons
and tabs separate.

WaveDrom: lanes of ``signal`` whose ``name`` is an input port; ``0 1 l h L H x z . =`` and ``2``-``9`` with ``data``.

Every input needs a value in every cycle, except the clock: left out, it gives one active edge per cycle.
"""

from __future__ import annotations

import csv
import difflib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chiploom.errors import UsageError
from chiploom.prove.trace import printable

MOST_CYCLES = 10_000

_VERILOG_NUMBER = re.compile(r"(\d+)?'[sS]?([bodhBODH])([0-9a-fA-FxXzZ_]+)", re.ASCII)
_PREFIXED_NUMBER = re.compile(r"0([xXbBoO])([0-9a-fA-F_]+)")
_DECIMAL_NUMBER = re.compile(r"-?[0-9][0-9_]*")
#: By base letter: bits of a digit, and the digits.
_BASES = {"b": (1, "01xz"), "o": (3, "01234567xz"), "h": (4, "0123456789abcdefxz"), "x": (4, "0123456789abcdef")}
_LONGEST_DECIMAL = 1300
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Pins:
    """What can be driven: the design's inputs (and inouts) with their widths.

    Attributes
    ----------
    widths : mapping of str to int
        Input and inout ports.
    outputs : frozenset of str
        Names of the output ports, for better advice.
    clock : str or None
        The clock port when there is exactly one; it may be left out.
    clocks : tuple of str
        All clock ports.
    """

    widths: Mapping[str, int]
    outputs: frozenset[str]
    clock: str | None
    clocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stimulus:
    """Values of the inputs, cycle by cycle.

    Attributes
    ----------
    cycles : tuple of mapping of str to str
        Input port to bit string (0, 1, x; most significant first).
    implied_clock : bool
        Whether the clock is not among the inputs: one active edge per cycle.
    """

    cycles: tuple[Mapping[str, str], ...]
    implied_clock: bool


def read_stimulus(text: str, name: str, pins: Pins) -> Stimulus:
    """Read a stimulus; JSON when the text begins with a brace, else CSV.

    Raises
    ------
    UsageError
        ``stimulus-empty``, ``stimulus-unknown-input``, ``stimulus-output``, ``stimulus-duplicate``,
        ``stimulus-missing-input``, ``stimulus-missing-value``, ``stimulus-extra-value``, ``stimulus-bad-value``,
        ``stimulus-too-wide``, ``stimulus-too-long``, ``stimulus-bad-csv``, ``stimulus-bad-json``,
        ``stimulus-bad-wave``.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise _empty(name)
    columns, length = (_read_wavedrom if text.lstrip().startswith("{") else _read_csv)(text, name, pins)
    implied = pins.clock is not None and pins.clock not in columns
    missing = [port for port in pins.widths if port not in columns and not (implied and port == pins.clock)]
    if missing:
        which = ", ".join(map(printable, missing))
        advice = "several clocks: each needs a column" if set(missing) & set(pins.clocks) else "add a column for each"
        raise UsageError("stimulus-missing-input", f"{name}: no values for {which}; {advice}")
    return Stimulus(tuple({port: values[at] for port, values in columns.items()} for at in range(length)), implied)


def parse_value(text: str, width: int) -> str:
    """Return the bit string of a written value.

    Raises
    ------
    ValueError
        With two arguments: ``"bad-value"`` or ``"too-wide"``, and what to say about it.
    """
    text = text.strip()
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    if text in ("x", "X", "z", "Z"):
        return "x" * width
    own_width = width
    if match := _VERILOG_NUMBER.fullmatch(text):
        own_width = int(match[1][:6]) if match[1] else width
        bits = _digits(match[3], match[2].lower())
    elif match := _PREFIXED_NUMBER.fullmatch(text):
        bits = _digits(match[2], match[1].lower())
    elif _DECIMAL_NUMBER.fullmatch(text):
        bits = _decimal(text, width, shown)
    else:
        bits = None
    if bits is None:
        raise ValueError("bad-value", f"{shown!r} is no value; write a number such as 7, 0x2a, 0b101, 8'hff, or x")
    bits = bits.lstrip("0")
    if len(bits) > own_width:
        own = f"{shown} has more digits than its own {own_width} bits"
        raise ValueError("bad-value", own) if own_width != width else _wide(shown, width)
    if len(bits) > width:
        raise _wide(shown, width)
    return bits.rjust(width, "0")


def _decimal(text: str, width: int, shown: str) -> str | None:
    """Return a decimal number in binary, a negative one as two's complement; None if it is absurdly long."""
    if len(text) > _LONGEST_DECIMAL:
        return None
    number = int(text)
    if number < 0:
        if -number > 1 << (width - 1):
            raise _wide(shown, width, f"smallest: -{1 << (width - 1)}" if width <= 64 else f"smallest: -2^{width - 1}")
        number += 1 << width
    return f"{number:b}"


def _digits(digits: str, base: str) -> str | None:
    """Return digits of a base in binary; None if they are none."""
    digits = digits.replace("_", "").lower()
    if base == "d":
        return f"{int(digits):b}" if digits.isdecimal() and len(digits) <= _LONGEST_DECIMAL else None
    per_digit, allowed = _BASES[base]
    if not digits or not set(digits) <= set(allowed):
        return None
    return "".join("x" * per_digit if digit in "xz" else f"{int(digit, 16):0{per_digit}b}" for digit in digits)


def _wide(shown: str, width: int, bound: str = "") -> ValueError:
    bound = bound or (f"largest: {(1 << width) - 1}" if width <= 64 else f"largest: 2^{width} - 1")
    return ValueError("too-wide", f"{shown} does not fit in {width} bit{'s' * (width > 1)} ({bound})")


# -- CSV --------------------------------------------------------------------------------------------------------


def _read_csv(text: str, name: str, pins: Pins) -> tuple[dict[str, list[str]], int]:
    rows = _csv_rows(text, name)
    line, header = next(rows, (0, []))
    names = [cell.strip() for cell in header]
    if not any(names):
        raise _empty(name)
    _check_names(names, f"{name}, line {line}", pins)
    columns: dict[str, list[str]] = {port: [] for port in names}
    for count, (line, cells) in enumerate(rows, start=1):
        place = f"{name}, line {line}"
        if count > MOST_CYCLES:
            raise _too_long(name)
        if len(cells) > len(names):
            raise UsageError("stimulus-extra-value", f"{place}: {len(cells)} values for {len(names)} inputs")
        for port, cell in itertools.zip_longest(names, cells, fillvalue=""):
            if not cell.strip():
                raise UsageError("stimulus-missing-value", f"{place}: no value for {printable(port)}")
            columns[port].append(_value(cell, port, place, pins))
    if not columns[names[0]]:
        raise UsageError("stimulus-empty", f"{name}: inputs are named but there is no cycle; add a line of values each")
    return columns, len(columns[names[0]])


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines()
    first = next((line for line in lines if _means_something(line)), "")
    separator = max(",;\t", key=first.count)
    for number, line in enumerate(lines, start=1):
        if _means_something(line):
            try:
                yield number, next(csv.reader([line], delimiter=separator))
            except csv.Error as error:
                raise UsageError("stimulus-bad-csv", f"{name}, line {number}: {error}; write plain values") from None


def _means_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


# -- WaveDrom ---------------------------------------------------------------------------------------------------


def _read_wavedrom(text: str, name: str, pins: Pins) -> tuple[dict[str, list[str]], int]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UsageError(
            "stimulus-bad-json",
            f"{name}, line {line}: this is no JSON ({getattr(error, 'msg', 'nested too deeply')}); "
            "names and texts need double quotes",
        ) from None
    signal = document.get("signal")
    if not isinstance(signal, list):
        raise UsageError("stimulus-bad-json", f'{name}: no "signal" list; WaveDrom begins with {{"signal": [...]}}')
    columns: dict[str, list[str]] = {}
    clock_cycles = 0
    for lane in _lanes(signal):
        port = _port_of(lane, pins)
        if port in pins.outputs:
            continue  # a drawing shows outputs too; they are what the simulation is to find
        if port in columns:
            raise UsageError("stimulus-duplicate", f"{name}: {printable(port)} has two lanes; keep one")
        _check_names([port], name, pins)
        wave = str(lane["wave"])
        if port == pins.clock and re.fullmatch(r"[pPnNlLhH.|]+", wave):
            clock_cycles = len(wave)
            continue
        columns[port] = _lane_values(lane, wave, port, name, pins)
    lengths = {port: len(values) for port, values in columns.items()}
    if len(set(lengths.values())) > 1:
        short, long = min(lengths, key=lambda p: lengths[p]), max(lengths, key=lambda p: lengths[p])
        raise UsageError(
            "stimulus-bad-wave",
            f"{name}: the wave of {short} has {lengths[short]} cycles, that of {long} {lengths[long]}; "
            "make them equally long",
        )
    length = max(lengths.values(), default=clock_cycles)
    if length == 0:
        raise _empty(name)
    if length > MOST_CYCLES:
        raise _too_long(name)
    return columns, length


def _lanes(signal: list[Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the lanes of nested groups; a group is a list that may begin with its title."""
    for entry in signal:
        if isinstance(entry, list) and depth < 50:
            yield from _lanes(entry, depth + 1)
        elif isinstance(entry, dict) and entry.get("name") and entry.get("wave"):
            yield entry


def _port_of(lane: Mapping[str, Any], pins: Pins) -> str:
    """Return the port a lane is for; ``d[3:0]`` stands for ``d``."""
    label = str(lane["name"]).strip()
    base = re.sub(r"\s*\[\d+:\d+\]$", "", label)
    return base if label not in pins.widths and (base in pins.widths or base in pins.outputs) else label


def _lane_values(lane: Mapping[str, Any], wave: str, port: str, name: str, pins: Pins) -> list[str]:
    place = f"{name}, lane {printable(port)}"
    if lane.get("period", 1) != 1 or lane.get("phase", 0) != 0:
        raise UsageError(
            "stimulus-bad-wave", f"{place}: period and phase are not supported; one character is one cycle"
        )
    data = lane.get("data", [])
    given = iter(data.split() if isinstance(data, str) else data if isinstance(data, list) else [])
    width = pins.widths[port]
    values: list[str] = []
    for index, char in enumerate(wave):
        if char in ".|" and values:
            values.append(values[-1])
        elif char in "01lhLHud":
            values.append(("1" if char in "1hHu" else "0").rjust(width, "0"))
        elif char in "xz":
            values.append("x" * width)
        elif char in "=23456789":
            written = next(given, None)
            if written is None:
                raise UsageError("stimulus-missing-value", f"{place}, cycle {index + 1}: no value is left in its data")
            values.append(_value(str(written), port, f"{place}, cycle {index + 1}", pins))
        else:
            raise UsageError(
                "stimulus-bad-wave",
                f"{place}, cycle {index + 1}: {printable(char)} is no input value; use 0, 1, x, . or = with data",
            )
    return values


# -- what both say ----------------------------------------------------------------------------------------------


def _check_names(names: Sequence[str], place: str, pins: Pins) -> None:
    for port in names:
        if port in pins.widths:
            continue
        shown = printable(port)
        if port in pins.outputs:
            raise UsageError("stimulus-output", f"{place}: {shown} is an output; give inputs only")
        close = difflib.get_close_matches(port, pins.widths, n=1)
        advice = (
            f"did you mean {printable(close[0])}?" if close else f"inputs: {', '.join(map(printable, pins.widths))}"
        )
        raise UsageError("stimulus-unknown-input", f"{place}: the design has no input {shown!r}; {advice}")
    twice = next((port for index, port in enumerate(names) if port in names[:index]), None)
    if twice is not None:
        raise UsageError("stimulus-duplicate", f"{place}: {printable(twice)} is named twice; keep one column")


def _value(text: str, port: str, place: str, pins: Pins) -> str:
    try:
        return parse_value(text, pins.widths[port])
    except ValueError as error:
        kind, words = error.args
        raise UsageError(f"stimulus-{kind}", f"{place}: {printable(port)}: {printable(words)}") from None


def _empty(name: str) -> UsageError:
    return UsageError("stimulus-empty", f"{name}: the stimulus is empty; name the inputs, then give values per cycle")


def _too_long(name: str) -> UsageError:
    return UsageError("stimulus-too-long", f"{name}: more than {MOST_CYCLES} cycles; simulate a shorter part")
