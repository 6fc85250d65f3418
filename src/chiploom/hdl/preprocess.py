"""Include directives, resolved among the files handed in and nowhere else.

The front ends never see a live `` `include``: the text of the named file is put in its place here, and both front
ends run with an include depth of zero, which makes them refuse, before opening anything, whatever directive is left
or is pasted together by macros. A directive is left in place where its file was not handed in, where it would
include itself again, and where it is not alone on its line; if such a directive is active, the front end reports it
and :mod:`chiploom.hdl.wording` says what is wrong with it.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang import parsing

from chiploom.hdl.sources import Source

MAX_DEPTH = 16
_KEYWORDS_2005 = '`begin_keywords "1364-2005" '
MAX_EXPANDED_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an author's file; ``file`` is the index of the source, line and column count from 1."""

    file: int
    line: int
    column: int


class Unit:
    """One compilation unit: the text the front ends read, and where each of its lines comes from."""

    __slots__ = ("_bytes", "_origins", "_prefix", "_starts", "sources", "text")

    def __init__(
        self, text: str, origins: Sequence[tuple[int, int]] | int, sources: tuple[Source, ...], prefix: int = 0
    ) -> None:
        self.text = text
        self.sources = sources
        self._origins = origins
        self._prefix = prefix  # characters of ours before the author's first
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._starts: list[int] | None = None

    def place(self, offset: int) -> Place:
        """Return the author's place of a byte offset in the unit's text."""
        starts = self._line_starts()
        line = bisect.bisect_right(starts, offset)
        before = len(self._bytes[starts[line - 1] : offset].decode("utf-8", "replace"))
        return self.place_of_line(line, 1 + (before if line > 1 else max(0, before - self._prefix)))

    def place_of_line(self, line: int, column: int) -> Place:
        """Return the author's place of a line and character column of the unit's text."""
        if isinstance(self._origins, int):
            return Place(self._origins, line, column)
        file, original = self._origins[min(max(line, 1), len(self._origins)) - 1]
        return Place(file, original, column)

    def name_at(self, offset: int) -> str:
        """Return the name of the author's file that a byte offset lies in."""
        return self.sources[self.place(offset).file].name

    def line_of(self, offset: int) -> int:
        """Return the line of the unit's text that holds a byte offset, from 1."""
        return bisect.bisect_right(self._line_starts(), offset)

    def as_verilog_2005(self) -> Unit:
        """Return the unit read with the keywords of Verilog-2005, in which ``bit`` or ``do`` are plain names."""
        text = f"{_KEYWORDS_2005}{self.text}\n`end_keywords\n"
        origins = self._origins
        if not isinstance(origins, int):
            origins = [*origins, origins[-1], origins[-1]]
        return Unit(text, origins, self.sources, len(_KEYWORDS_2005))

    def offset_of(self, line: int, column: int) -> int:
        """Return the byte offset of a line and byte column of the unit's text, both from 1."""
        starts = self._line_starts()
        line = min(max(line, 1), len(starts))
        end = starts[line] - 1 if line < len(starts) else len(self._bytes)
        return min(starts[line - 1] + max(column, 1) - 1, end)

    def bytes_at(self, start: int, end: int) -> str:
        """Return the text between two byte offsets."""
        return self._bytes[start:end].decode("utf-8", "replace")

    def line_text(self, place: Place) -> str:
        """Return the author's line at ``place``."""
        lines = self.sources[place.file].text.split("\n")
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            position = self._bytes.find(b"\n")
            while position >= 0:
                starts.append(position + 1)
                position = self._bytes.find(b"\n", position + 1)
            self._starts = starts
        return self._starts


def units(sources: Sequence[Source]) -> tuple[Unit, ...]:
    """Return the compilation units of a design: every file that no other file includes, with its includes in place."""
    files = tuple(sources)
    if not any("`include" in source.text for source in files):
        return tuple(Unit(source.text, index, files) for index, source in enumerate(files))
    expander = _Expander(files)
    included = {target for index in range(len(files)) for _, _, target in expander.directives(index) if target != index}
    roots = [index for index in range(len(files)) if index not in included] or list(range(len(files)))
    return tuple(expander.unit(index) for index in roots)


def base_name(name: str) -> str:
    """Return the last part of a path written with slashes of either kind."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


class _Expander:
    """Expands includes; remembers each file's directives so that no file is scanned twice."""

    def __init__(self, files: tuple[Source, ...]) -> None:
        self.files = files
        self.by_name: dict[str, int] = {}
        for index, source in enumerate(files):
            self.by_name.setdefault(base_name(source.name), index)
        self.known: dict[int, list[tuple[int, int, int]]] = {}
        self.budget = MAX_EXPANDED_CHARACTERS

    def directives(self, index: int) -> list[tuple[int, int, int]]:
        """Return (start, end, target file) of the directives that can be resolved, as character offsets."""
        if index not in self.known:
            self.known[index] = _resolvable(self.files[index].text, self.by_name)
        return self.known[index]

    def unit(self, index: int) -> Unit:
        self.budget = MAX_EXPANDED_CHARACTERS
        pieces: list[str] = []
        origins: list[tuple[int, int]] = []
        self._expand(index, (index,), pieces, origins)
        return Unit("".join(pieces), origins, self.files)

    def _expand(self, index: int, stack: tuple[int, ...], pieces: list[str], origins: list[tuple[int, int]]) -> None:
        """Append the expanded text, which ends with a line end, and one origin for each of its lines."""
        text = self.files[index].text
        position, line = 0, 1
        for start, end, target in self.directives(index):
            # Twice, because the second time is how an include guard is met.
            too_deep = stack.count(target) > 1 or len(stack) > MAX_DEPTH
            if too_deep or len(self.files[target].text) > self.budget:
                continue
            self.budget -= len(self.files[target].text)
            before = text[position:start]
            pieces.append(before + "\n")
            count = before.count("\n")
            origins.extend((index, line + step) for step in range(count + 1))
            line += count
            self._expand(target, (*stack, target), pieces, origins)
            # What follows on the directive's line keeps its column.
            pieces.append(" " * (end - (text.rfind("\n", 0, end) + 1)))
            position = end
        rest = text[position:]
        if not rest.endswith("\n"):
            rest += "\n"
        pieces.append(rest)
        origins.extend((index, line + step) for step in range(rest.count("\n")))


def _resolvable(text: str, by_name: dict[str, int]) -> list[tuple[int, int, int]]:
    if "`include" not in text:
        return []
    data = text.encode("utf-8", "surrogatepass")
    found = []
    for start, end, name in _literal_includes(data):
        target = by_name.get(base_name(name))
        if target is not None and _alone_on_line(data, start):
            first = len(data[:start].decode("utf-8", "surrogatepass"))
            last = first + len(data[start:end].decode("utf-8", "surrogatepass"))
            found.append((first, last, target))
    return found


def _literal_includes(data: bytes) -> list[tuple[int, int, str]]:
    """Return byte range and file name of every directive that is followed by a string, by slang's own lexer."""
    manager = pyslang.SourceManager()
    buffer = manager.assignText("include-scan", data.decode("utf-8", "surrogatepass"))
    options = parsing.LexerOptions()
    options.maxErrors = 1_000_000_000
    lexer = parsing.Lexer(buffer, pyslang.BumpAllocator(), pyslang.Diagnostics(), manager, options)
    found: list[tuple[int, int, str]] = []
    previous: Any = None
    while True:
        token = lexer.lex()
        if token.kind == parsing.TokenKind.EndOfFile:
            return found
        if (
            token.kind == parsing.TokenKind.StringLiteral
            and previous is not None
            and previous.kind == parsing.TokenKind.Directive
            and previous.rawText == "`include"
        ):
            raw = token.rawText
            start = previous.location.offset
            found.append((start, token.location.offset + len(raw.encode("utf-8", "replace")), raw.strip('"')))
        previous = token


def _alone_on_line(data: bytes, start: int) -> bool:
    line_start = data.rfind(b"\n", 0, start) + 1
    continued = line_start >= 2 and data[:line_start].rstrip(b"\r\n").endswith(b"\\")
    return not continued and not data[line_start:start].strip()
