"""What reads the pages reads them as their authors mean them; a session that says something else is noticed."""

from __future__ import annotations

import pytest
from documents import Block, Command, commands, rows, says, section, slug

BLOCK = Block(
    "page.md",
    10,
    "console",
    "$ first --option\n> value  # exit 1\nline one\n\nline two\n\n$ second\n$ third  # no status\n",
)


def test_commands_carry_place_status_and_output() -> None:
    first, second, third = commands(BLOCK)
    assert first == Command(BLOCK, 11, "first --option\nvalue", 1, ("line one", "", "line two"))
    assert (second.text, second.status, second.output, second.line) == ("second", 0, (), 17)
    assert third.text == "third  # no status"


@pytest.mark.parametrize(
    ("page", "output", "agrees"),
    [
        (("a", "b"), "a\nb\n", True),
        (("a", "b"), "a\nb", True),
        (("a", "b"), "a\nx\nb\n", False),
        (("a",), "a\nb\n", False),
        (("b",), "a\nb\n", False),
        (("a", "...", "b"), "a\nb\n", True),
        (("a", "...", "b"), "a\nx\n\ny\nb\n", True),
        (("a", "...", "b"), "a\nx\n", False),
        (("...", "b"), "a\nab\n", False),
        (("a ... c",), "a bb c\n", True),
        (("a ... c",), "a b\nb c\n", False),
        (("took 0.123 s",), "took 4.5 s\n", True),
        (("took 0.123 s",), "took 4 minutes\n", False),
        (("urn:uuid:00000000-0000-4000-8000-000000000000",), "urn:uuid:12345678-1234-4234-9234-123456789abc", True),
        (("a.c",), "abc\n", False),
    ],
)
def test_output_is_compared(page: tuple[str, ...], output: str, agrees: bool) -> None:
    assert says(page, output) is agrees


def test_a_session_begins_with_a_command() -> None:
    with pytest.raises(AssertionError, match=r"page\.md:11"):
        commands(Block("page.md", 10, "console", "no command\n"))


def test_tables_and_headings() -> None:
    table = "| head | two |\n|---|---|\n| `a\\|b` | c |\n\n| other |\n|---|\n| d |\n"
    assert rows(table) == [["`a\\|b`", "c"], ["d"]]
    assert slug("What is `taken` for granted?") == "what-is-taken-for-granted"
    assert section("docs/reference/errors.md", "Keys").strip().startswith("| code")
