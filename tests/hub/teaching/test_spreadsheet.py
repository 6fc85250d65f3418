"""Files for spreadsheet programs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.hub.teaching import spreadsheet


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK()", "\n=1", "\uff1d1"])
def test_what_a_program_would_run_becomes_text(text: str) -> None:
    assert spreadsheet.guarded(text) == f"'{text}"


def test_vietnamese_names_survive_with_the_mark_of_utf_8() -> None:
    data = spreadsheet.write([["Nguyễn Thị Ánh", 87.5, 3]], "en")
    assert data == "\ufeffNguyễn Thị Ánh,87.5,3\r\n".encode()


def test_where_numbers_have_a_comma_cells_have_a_semicolon() -> None:
    assert spreadsheet.write([["a", 87.5]], "vi").decode("utf-8-sig") == "a;87,5\r\n"
    assert spreadsheet.write([["a", 100.0]], "fr").decode("utf-8-sig") == "a;100\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_every_cell_comes_back_and_none_is_a_formula(cells: list[str]) -> None:
    text = spreadsheet.write([cells], "vi").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows == [[spreadsheet.guarded(cell) for cell in cells]]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for cell in rows[0])
