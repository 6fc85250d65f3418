"""What changed between two states of somebody's files, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

#: Comparing takes time with the square of this, and nobody reads more.
MOST_LINES = 2000
_AROUND = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and its numbers before and after; None where it is not there."""

    mark: Literal["+", "-", " "]
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What changed in a file.

    Attributes
    ----------
    kind : str
        ``same``, ``changed``, ``added``, ``removed``, or ``too-long`` to be compared.
    parts : tuple of tuple of Line
        Changed lines with some around them.
    """

    name: str
    kind: Literal["same", "changed", "added", "removed", "too-long"]
    parts: tuple[tuple[Line, ...], ...] = ()


def between(before: Sequence[Any], after: Sequence[Any]) -> list[FileDifference]:
    """Return what changed from ``before`` to ``after``, both ``[[name, text], ...]``, file by file."""
    old, new = (dict(files) for files in (before, after))
    left = MOST_LINES
    found: list[FileDifference] = []
    for name in dict.fromkeys((*old, *new)):
        was, now = ([] if text is None else text.splitlines() for text in (old.get(name), new.get(name)))
        # An end of line alone, or the kind of it, is no difference to anybody who reads.
        if name in old and name in new and was == now:
            found.append(FileDifference(name, "same"))
            continue
        left -= max(len(was), len(now))
        if left < 0:
            found.append(FileDifference(name, "too-long"))
            continue
        kind: Literal["changed", "added", "removed"] = (
            "added" if name not in old else "removed" if name not in new else "changed"
        )
        found.append(FileDifference(name, kind, tuple(_parts(was, now))))
    return found


def _parts(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[Line, ...]]:
    for group in difflib.SequenceMatcher(None, was, now, autojunk=False).get_grouped_opcodes(_AROUND):
        yield tuple(line for opcode in group for line in _lines(opcode, was, now))


def _lines(opcode: tuple[str, int, int, int, int], was: Sequence[str], now: Sequence[str]) -> Iterator[Line]:
    tag, first, last, new_first, new_last = opcode
    if tag == "equal":
        for offset in range(last - first):
            yield Line(" ", first + offset + 1, new_first + offset + 1, was[first + offset])
        return
    for index in range(first, last):
        yield Line("-", index + 1, None, was[index])
    for index in range(new_first, new_last):
        yield Line("+", None, index + 1, now[index])
