"""What changed between two states of somebody's files."""

from __future__ import annotations

import pytest

from chiploom.hub import differences
from chiploom.hub.differences import FileDifference, Line


def test_changed_lines_carry_their_numbers_on_both_sides() -> None:
    (file,) = differences.between([["a.sv", "one\ntwo\nthree\n"]], [["a.sv", "one\nzwei\nthree\nfour\n"]])
    assert file == FileDifference(
        "a.sv",
        "changed",
        (
            (
                Line(" ", 1, 1, "one"),
                Line("-", 2, None, "two"),
                Line("+", None, 2, "zwei"),
                Line(" ", 3, 3, "three"),
                Line("+", None, 4, "four"),
            ),
        ),
    )


def test_what_lies_far_from_a_change_is_left_out() -> None:
    lines = [str(number) for number in range(1, 41)]
    (file,) = differences.between([["a.sv", "\n".join(lines)]], [["a.sv", "\n".join(["0", *lines[:20], *lines[21:]])]])
    assert [[(line.mark, line.text) for line in part if line.mark != " "] for part in file.parts] == [
        [("+", "0")],
        [("-", "21")],
    ]
    assert [len(part) for part in file.parts] == [4, 7]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([["a.sv", "x"]], [["a.sv", "x\n"]], ["same"]),
        ([["a.sv", "x\r\ny"]], [["a.sv", "x\ny"]], ["same"]),
        ([["a.sv", "x"]], [["b.sv", "x"]], ["removed", "added"]),
        ([["a.sv", "x"], ["b.sv", ""]], [["a.sv", "x"]], ["same", "removed"]),
        ([["a.sv", "x\n" * differences.MOST_LINES]], [["a.sv", "x"]], ["changed"]),
        ([["a.sv", "x\n" * differences.MOST_LINES + "x"]], [["a.sv", "x"]], ["too-long"]),
        ([["a.sv", "x\n" * differences.MOST_LINES], ["b.sv", "x"]], [["a.sv", "x"]], ["changed", "too-long"]),
    ],
    ids=lambda value: str(value)[:30],
)
def test_every_file_is_told_of(before: list[list[str]], after: list[list[str]], kinds: list[str]) -> None:
    assert [file.kind for file in differences.between(before, after)] == kinds
