"""Reading a TOML file into typed values, with errors that name the file, the key and the value seen."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chiploom.errors import PackError

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "a table",
}


#: A key of this many parts: far beyond any of ours, and the library takes time with the square of their number.
_LONG_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){64}")


def loads(text: str) -> dict[str, Any]:
    """Parse TOML that anybody may have written.

    Raises
    ------
    ValueError
        If it is not TOML, or holds what would take far too long or too deep to read.
    """
    if _LONG_KEY.search(text):
        raise ValueError("nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        # Python's own word on a number of thousands of digits tells of Python, not of the file.
        raise ValueError("a number has too many digits") from None


def parse(text: str, file: str) -> Table:
    """Parse TOML ``text``; ``file`` is the name errors show.

    Raises
    ------
    PackError
        ``toml-syntax``, with line and column.
    """
    try:
        return Table(loads(text), file)
    except ValueError as error:
        raise PackError("toml-syntax", f"{file}: not TOML: {error}") from None


class Table:
    """One table of a TOML file. Every read takes its key away; :meth:`finish` then names the keys nobody knows.

    Parameters
    ----------
    values : mapping
        The table's content.
    file : str
        Name of the file, for errors.
    path : str
        Dotted path of the table within the file, empty for the top.
    """

    def __init__(self, values: Mapping[str, Any], file: str, path: str = "") -> None:
        self._values = dict(values)
        self._known: set[str] = set()
        self.file = file
        self.path = path

    def string(self, key: str, default: str | None = None, *, check: Callable[[str], bool] | None = None) -> str:
        """Return a non-empty string; without ``default`` it must be there."""
        value: str = self._take(key, str, default)
        if not value.strip() and value != default:
            raise self.error("empty-value", key, "is empty; write a text or remove the key")
        if check is not None and value != default and not check(value):
            raise self.error("bad-value", key, f"is {_shown(value)}, which is not allowed here")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Return one of ``choices``."""
        value = self.string(key, default)
        if value not in choices:
            raise self.error("bad-value", key, f"is {_shown(value)}; use one of {', '.join(choices)}")
        return value

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number from ``low`` to ``high``."""
        value: int = self._take(key, int, default)
        self._within(key, value, low, high)
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return a number from ``low`` to ``high``."""
        value = self._take(key, float, default)
        self._within(key, value, low, high)
        return float(value)

    def truth(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value: bool = self._take(key, bool, default)
        return value

    def strings(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of non-empty strings."""
        values = self._take(key, list, None if default is None else list(default))
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                raise self.error("wrong-type", f"{key}[{index}]", f"is {_shown(value)}; it must be a non-empty string")
        return tuple(values)

    def raw(self, key: str, default: Any = None) -> Any:
        """Return whatever is there."""
        self._known.add(key)
        return self._values.pop(key, default)

    def table(self, key: str, *, required: bool = True) -> Table:
        """Return a table within this one; an empty one where it is missing and not required."""
        values = self._take(key, dict, None if required else {})
        return Table(values, self.file, self._dotted(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the list of tables ``[[key]]``, empty where there is none."""
        values = self._take(key, list, [])
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.error("wrong-type", f"{key}[{index}]", f"is {_shown(value)}; it must be a table")
        return tuple(Table(value, self.file, self._dotted(f"{key}[{index}]")) for index, value in enumerate(values))

    def texts(self, languages: tuple[str, ...]) -> dict[str, str]:
        """Read this whole table as one text by language: exactly ``languages``, none empty."""
        for language in languages:
            if language not in self._values:
                raise PackError(
                    "missing-language",
                    f"{self.file}: '{self._dotted(language)}' is missing; the pack promises {', '.join(languages)}",
                )
        texts = {language: self.string(language).strip() for language in languages}
        self.finish()
        return texts

    def __bool__(self) -> bool:
        return bool(self._values)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Take all remaining keys with their values."""
        values, self._values = self._values, {}
        return iter(values.items())

    def finish(self) -> None:
        """Raise ``unknown-key`` if a key was not read."""
        for key in self._values:
            close = difflib.get_close_matches(key, self._known, n=1)
            advice = f"did you mean '{close[0]}'?" if close else "remove it"
            raise PackError("unknown-key", f"{self.file}: unknown key '{self._dotted(key)}'; {advice}")

    def error(self, code: str, key: str, what: str) -> PackError:
        """Return the error that ``key`` of this table ``what``."""
        return PackError(code, f"{self.file}: '{self._dotted(key)}' {what}")

    def _take(self, key: str, kind: type, default: Any) -> Any:
        self._known.add(key)
        if key not in self._values:
            if default is None:
                raise self.error("missing-key", key, f"is missing; it must be {_KINDS[kind]}")
            return default
        value = self._values.pop(key)
        accepted = (int, float) if kind is float else (kind,)
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            raise self.error("wrong-type", key, f"is {_shown(value)}; it must be {_KINDS[kind]}")
        return value

    def _within(self, key: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            raise self.error("out-of-range", key, f"is {_shown(value)}; it must be from {low} to {high}")

    def _dotted(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
