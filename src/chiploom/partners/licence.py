"""Which licence a directory declares, and whether it is open: SPDX expressions in the places projects write them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any

from chiploom.tasks.schema import loads

TEXT_FILES = (
    "LICENSE",
    "LICENSE.txt",
    "LICENSE.md",
    "LICENCE",
    "LICENCE.txt",
    "LICENCE.md",
    "COPYING",
    "COPYING.txt",
)

Reader = Callable[[str], str | None]

_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n*]+)")
_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)\r?\n---", re.DOTALL)
_YAML_LICENCE = re.compile(r"^license:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


def declared(read: Reader) -> dict[str, str]:
    """Return the SPDX expressions that a directory declares, by file; ``read`` gives a file's text or None."""
    found = {
        "pack.toml": _toml(read("pack.toml"), "licence"),
        "pyproject.toml": _toml(read("pyproject.toml"), "project", "license"),
        "Cargo.toml": _toml(read("Cargo.toml"), "package", "license"),
        "package.json": _json(read("package.json"), "license"),
        "codemeta.json": _json(read("codemeta.json"), "license"),
        "CITATION.cff": _match(_YAML_LICENCE, read("CITATION.cff")),
    }
    for name in ("README.md", "MODEL_CARD.md", "DATA_CARD.md"):
        found[name] = _match(_YAML_LICENCE, _match(_FRONT_MATTER, read(name)))
    for name in TEXT_FILES:
        found[name] = _match(_TAG, read(name))
    return {
        name: text.strip().removeprefix("https://spdx.org/licenses/") for name, text in found.items() if text.strip()
    }


def identifiers(expression: str) -> list[str]:
    """Return the licence identifiers of an SPDX expression, without exceptions."""
    return [term.split(" WITH ")[0].strip() for term in re.split(r"\s+(?:AND|OR)\s+|[()]", expression) if term.strip()]


def not_open(expression: str, known_open: Collection[str]) -> str | None:
    """Return the identifier that keeps ``expression`` from being known as open, or None if it is open.

    With ``OR`` one open choice is enough; with ``AND`` every part must be open. An identifier that is not in
    ``known_open`` is not known as open, which says nothing else about it.
    """
    names = {name.casefold() for name in known_open}
    tokens = re.findall(r"[()]|[^\s()]+", expression)
    position = 0

    def either() -> str | None:
        nonlocal position
        result = every()
        while position < len(tokens) and tokens[position].upper() == "OR":
            position += 1
            other = every()
            result = None if other is None else result
        return result

    def every() -> str | None:
        nonlocal position
        result = one()
        while position < len(tokens) and tokens[position].upper() == "AND":
            position += 1
            other = one()
            result = result if result is not None else other
        return result

    def one() -> str | None:
        nonlocal position
        if position >= len(tokens):
            return expression
        token = tokens[position]
        position += 1
        if token == "(":
            result = either()
            position += 1
            return result
        if position < len(tokens) and tokens[position].upper() == "WITH":
            position += 2
        return None if token.casefold() in names else token

    # Deep nesting is no licence anybody wrote.
    if expression.count("(") > 20:
        return expression
    result = either()
    return expression if result is None and position < len(tokens) else result


def _toml(text: str | None, *path: str) -> str:
    try:
        return _text_at(loads(text or ""), *path)
    except ValueError:
        return ""


def _json(text: str | None, *path: str) -> str:
    try:
        return _text_at(json.loads(text or "{}"), *path)
    except (ValueError, RecursionError):
        return ""


def _text_at(value: Any, *path: str) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict):
        # The older form of pyproject.toml: license = { text = "..." }
        value = value.get("text")
    return value if isinstance(value, str) and "\n" not in value and len(value) < 200 else ""


def _match(pattern: re.Pattern[str], text: str | None) -> str:
    match = pattern.search(text or "")
    return match[1] if match else ""
