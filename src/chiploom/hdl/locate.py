"""From slang's locations to places in the author's files, with the line and a caret beneath it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from chiploom.hdl.diagnostics import Diagnostic, Severity
from chiploom.hdl.preprocess import Place, Unit

MAX_EXCERPT_WIDTH = 110
MAX_ARGUMENT_LENGTH = 200


class Locator:
    """Knows which unit each of slang's buffers holds."""

    def __init__(self, manager: Any, units: Sequence[Unit], buffers: Sequence[Any]) -> None:
        self.manager = manager
        self.units = tuple(units)
        self._by_buffer = {buffer.id: unit for buffer, unit in zip(buffers, units, strict=True)}

    def unit_offset(self, location: Any) -> tuple[Unit, int] | None:
        """Return the unit and byte offset of a location; for text out of a macro, where the macro is used."""
        if not self.manager.isFileLoc(location):
            location = self.manager.getFullyExpandedLoc(location)
        unit = self._by_buffer.get(location.buffer)
        return None if unit is None else (unit, location.offset)

    def text(self, source_range: Any) -> str:
        """Return the text of a source range that lies in one file, or an empty text."""
        start, end = source_range.start, source_range.end
        unit = self._by_buffer.get(start.buffer)
        if unit is None or end.buffer != start.buffer:
            return ""
        return unit.bytes_at(start.offset, end.offset)

    def around(self, location: Any, before: int = 60, after: int = 60) -> tuple[str, str]:
        """Return some text before and after a location."""
        found = self.unit_offset(location)
        if found is None:
            return "", ""
        unit, offset = found
        return unit.bytes_at(max(0, offset - before), offset), unit.bytes_at(offset, offset + after)

    def diagnostic(self, code: str, severity: Severity, location: Any, **arguments: str) -> Diagnostic:
        """Return a diagnostic at one of slang's locations."""
        found = self.unit_offset(location)
        if found is None:
            return placed(code, severity, None, None, **arguments)
        unit, offset = found
        return placed(code, severity, unit, unit.place(offset), **arguments)


def placed(code: str, severity: Severity, unit: Unit | None, place: Place | None, **arguments: str) -> Diagnostic:
    """Return a diagnostic at a place of a unit, every text in it made fit to be shown."""
    shown = {name: printable(value[:MAX_ARGUMENT_LENGTH]) for name, value in arguments.items()}
    if unit is None or place is None:
        return Diagnostic(code, severity, shown)
    line = unit.line_text(place)
    return Diagnostic(
        code,
        severity,
        shown,
        printable(unit.sources[place.file].name),
        place.line,
        place.column,
        excerpt(line, place.column),
    )


def excerpt(line: str, column: int) -> str:
    """Return ``line`` with a caret beneath its ``column`` (from 1); a long line is cut around the column."""
    start = 0
    if len(line) > MAX_EXCERPT_WIDTH:
        start = max(0, min(column - 1 - MAX_EXCERPT_WIDTH // 2, len(line) - MAX_EXCERPT_WIDTH))
    shown = "".join(
        c if c == "\t" or not _unsafe(c) else "\N{REPLACEMENT CHARACTER}"
        for c in line[start : start + MAX_EXCERPT_WIDTH]
    ).rstrip()
    before = line[start : column - 1]
    padding = "".join("\t" if c == "\t" else "" if unicodedata.combining(c) else " " for c in before)
    return f"{shown}\n{padding}^"


def printable(text: str) -> str:
    """Return ``text`` with control and direction-changing characters written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if _unsafe(c) else c for c in text)


def _unsafe(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
