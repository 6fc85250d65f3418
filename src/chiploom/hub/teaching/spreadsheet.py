"""Tables for spreadsheet programs: UTF-8 with its mark, and no cell that a program would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: The last four are those of full width, which programs set to Japanese or Chinese take for the first four.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Value = str | int | float


def write(rows: Iterable[Sequence[Value]], language: str) -> bytes:
    """Return a CSV file as spreadsheet programs in a language read it.

    Where numbers have a decimal comma, cells are separated by semicolons.
    """
    comma = language != "en"
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if comma else ",")
    for row in rows:
        writer.writerow([_number(value, comma) if isinstance(value, int | float) else guarded(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _number(value: float, comma: bool) -> str:
    text = str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
