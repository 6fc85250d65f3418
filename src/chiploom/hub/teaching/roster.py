"""Reading a list of learners: login, name and, where given, language; as spreadsheets write it or as people paste it.

Nothing is guessed about a line that is not clear: it is reported by its number, and nothing is imported until the
list is without fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.hub.people import accounts

LARGEST_BYTES = 1_000_000
MOST_LINES = 1000
_DELIMITERS = "\t;,"
_COLUMNS = ("login", "name", "language")
_HEADINGS = {
    "login": {"login", "user", "username", "user name", "e-mail", "email", "tên đăng nhập", "mã sinh viên", "mssv"}
    | {"identifiant", "courriel"},
    "name": {"name", "full name", "họ và tên", "họ tên", "tên", "nom", "nom complet", "prénom et nom"},
    "language": {"language", "lang", "ngôn ngữ", "langue"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One learner of the list."""

    number: int
    login: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line; ``code`` is ``teach.roster-<code>`` in the message table."""

    number: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A list as it was read."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def decode(data: bytes) -> str:
    """Return the text of an uploaded list: UTF-8 with or without its mark, or UTF-16 with it.

    Raises
    ------
    UsageError
        ``roster-too-large`` or ``roster-not-text``.
    """
    if len(data) > LARGEST_BYTES:
        raise UsageError("roster-too-large", f"a list has at most {LARGEST_BYTES} bytes")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UsageError("roster-not-text", "the file is not UTF-8; save it as 'CSV UTF-8'") from None


def read(text: str, default_language: str) -> Roster:
    """Read a list.

    Raises
    ------
    UsageError
        ``roster-empty`` or ``roster-too-large``.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST_BYTES:
        raise UsageError("roster-too-large", f"a list has at most {LARGEST_BYTES} characters")
    problems: list[Problem] = []
    rows = list(_rows(text, problems))
    if rows and (columns := _heading(rows[0][1])) is not None:
        if "login" not in columns or "name" not in columns or len(set(columns)) < len(columns):
            problems.append(Problem(rows[0][0], "heading"))
            columns = list(_COLUMNS)
        rows = rows[1:]
    else:
        columns = list(_COLUMNS)
    if not rows and not problems:
        raise UsageError("roster-empty", "the list is empty")
    if len(rows) > MOST_LINES:
        raise UsageError("roster-too-large", f"a list has at most {MOST_LINES} lines; import it in parts")
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        found = _line(number, cells, columns, default_language)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.login in seen:
            problems.append(Problem(number, "repeated", f"{found.login} ({seen[found.login]})"))
        else:
            seen[found.login] = number
            lines.append(found)
    return Roster(tuple(lines), tuple(sorted(problems, key=lambda problem: problem.number)))


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each row that is not empty."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(before + 1, "quotes"))
            return
        number, before = before + 1, reader.line_num
        cells = [cell.strip() for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count) if any(mark in line for mark in _DELIMITERS) else ","


def _heading(cells: Sequence[str]) -> list[str] | None:
    """Return the columns by the names of ours, None if not every cell is the name of a column."""
    words = [" ".join(cell.casefold().split()) for cell in cells]
    named = [next((name for name, known in _HEADINGS.items() if word in known), "") for word in words]
    return named if all(named) else None


def _line(number: int, cells: Sequence[str], columns: Sequence[str], default_language: str) -> Line | Problem:
    if len(cells) > len(columns):
        return Problem(number, "columns", str(len(cells)))
    values = dict(zip(columns, cells, strict=False))
    try:
        login = accounts.check_login(values.get("login", ""))
    except UsageError:
        return Problem(number, "login", values.get("login", "")[:60])
    try:
        name = accounts.check_name(values.get("name", ""))
    except UsageError:
        return Problem(number, "name", values.get("name", "")[:60])
    language = values.get("language", "").lower() or default_language
    if language not in messages.LANGUAGES:
        return Problem(number, "language", language[:20])
    return Line(number, login, name, language)
