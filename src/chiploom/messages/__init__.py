"""The one table of learner-facing messages: code, severity, text in English, Vietnamese and French.

The table is the TOML files beside this module, one per subject. A message's code is ``<file>.<key>``, for example
``hdl.undeclared-name`` in ``hdl.toml``. Texts are ``str.format`` templates; every language of a message uses the
same fields (a test checks it).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "vi", "fr")
_SIGNS = {"en": {}, "vi": str.maketrans(",.", ".,"), "fr": str.maketrans(",.", "\u202f,")}


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the table."""

    code: str
    severity: str
    texts: Mapping[str, str]


def text(code: str, language: str, **arguments: str) -> str:
    """Return the wording of ``code`` in ``language`` with ``arguments`` filled in.

    Raises
    ------
    KeyError
        If the table has no such code or language.
    """
    return message(code).texts[language].format(**arguments)


def number(value: float, form: str, language: str) -> str:
    """Return ``value`` in the format ``form``, with the signs of ``language`` between digits.

    An empty format groups thousands.
    """
    return format(value, form or ",").translate(_SIGNS[language])


def message(code: str) -> Message:
    """Return the table's entry for ``code``.

    Raises
    ------
    KeyError
        If there is none.
    """
    subject, _, key = code.partition(".")
    return _subject(subject)[key]


def all_messages() -> tuple[Message, ...]:
    """Return the whole table, ordered by code."""
    subjects = sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))
    return tuple(entry for subject in subjects for _, entry in sorted(_subject(subject).items()))


@cache
def _subject(subject: str) -> Mapping[str, Message]:
    path = Path(__file__).parent / f"{subject}.toml"
    if not path.is_file():
        raise KeyError(subject)
    with path.open("rb") as stream:
        table = tomllib.load(stream)
    return {
        key: Message(
            code=f"{subject}.{key}",
            severity=entry.get("severity", "note"),
            texts={language: entry[language].strip() for language in LANGUAGES},
        )
        for key, entry in table.items()
    }
