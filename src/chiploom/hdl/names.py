"""Tables of names, written as words."""

from __future__ import annotations


def names(words: str) -> frozenset[str]:
    """Return the words of a table as a set."""
    return frozenset(words.split())
