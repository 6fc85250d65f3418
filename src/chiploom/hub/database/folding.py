"""The spelling that people are searched and sorted by: without case and marks, so that ``do`` is ``Đỗ``."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text in small letters without marks, each run of spaces as one."""
    plain = unicodedata.normalize("NFKD", " ".join(text.split()).casefold().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))
