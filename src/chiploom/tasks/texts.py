"""Text of others made safe to show: control and direction characters become visible instead of acting."""

from __future__ import annotations

import unicodedata

_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str, longest: int | None = None) -> str:
    """Return ``text`` with every character that could steer a terminal or turn the reading direction written out.

    Parameters
    ----------
    longest : int, optional
        Cut to so many characters, the last an ellipsis.
    """
    cut = text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
    return "".join(
        character
        if character in "\n\t" or unicodedata.category(character) not in _ACTING
        else f"\\u{ord(character):04x}"
        for character in cut
    )
