"""Lists of learners: what is read, and what is refused by the number of its line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import UsageError
from chiploom.hub.teaching import roster
from chiploom.hub.teaching.roster import Line, Problem


def read(text: str) -> roster.Roster:
    return roster.read(text, "vi")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_cells_are_separated_as_each_spreadsheet_does(mark: str) -> None:
    found = read(f"an.nguyen{mark}Nguyễn Văn An{mark}en\nb{mark}Đỗ Thị Bình\n")
    assert found.lines == (Line(1, "an.nguyen", "Nguyễn Văn An", "en"), Line(2, "b", "Đỗ Thị Bình", "vi"))
    assert found.problems == ()


def test_bom_windows_lines_empty_lines_and_decomposed_letters() -> None:
    decomposed = unicodedata.normalize("NFD", "Trần Thị Hằng")
    data = f"\ufefflogin;name\r\n\r\nA.Tran@example.edu;{decomposed};\r\n;;\r\n".encode()
    found = read(roster.decode(data))
    assert found.lines == (Line(3, "a.tran@example.edu", "Trần Thị Hằng", "vi"),)
    assert found.problems == ()
    utf16 = roster.decode("a;Đỗ An\n".encode("utf-16"))
    assert read(utf16).lines[0].name == "Đỗ An"


def test_headings_in_three_languages_and_any_order() -> None:
    assert read("Họ và tên\tTên đăng nhập\nĐỗ An\tan\n").lines == (Line(2, "an", "Đỗ An", "vi"),)
    assert read("Langue;Nom;Identifiant\nfr;Zoé;zoe\n").lines == (Line(2, "zoe", "Zoé", "fr"),)
    assert read("login\nan\n").problems[0] == Problem(1, "heading")


def test_a_learner_called_name_is_no_heading() -> None:
    assert [line.login for line in read("name,Lang Thị Tên\nb,Bình\n").lines] == ["name", "b"]
    assert [line.login for line in read("lang,Lang Thị Tên,fr\n").lines] == ["lang"]


def test_each_bad_line_is_reported_by_its_number() -> None:
    found = read(
        "an,Nguyễn An\nnguyễn,Nguyễn\nan,Lại An\nbinh\nlan,Lan,de\nhoa,Hoa,vi,thừa\nx,\u202eđảo\n=1+1,Công Thức\n"
    )
    assert [line.login for line in found.lines] == ["an"]
    assert [(problem.number, problem.code) for problem in found.problems] == [
        (2, "login"),
        (3, "repeated"),
        (4, "name"),
        (5, "language"),
        (6, "columns"),
        (7, "name"),
        (8, "login"),
    ]
    assert "1" in found.problems[1].value


def test_numbers_stay_right_after_a_cell_of_several_lines() -> None:
    found = read('a,"Nguyễn\nVăn A"\n!,B\n')
    assert found.lines == (Line(1, "a", "Nguyễn Văn A", "vi"),)
    assert [(problem.number, problem.code) for problem in found.problems] == [(3, "login")]


@pytest.mark.parametrize("text", ['a,"not closed\n', 'a,"closed" and more\n', "a," + "x" * 200_000])
def test_broken_quotes_and_endless_cells_are_a_problem_not_a_crash(text: str) -> None:
    assert read(text).problems


def test_what_is_too_long_or_no_text_is_refused() -> None:
    for data, code in ((b"x" * 1_000_001, "roster-too-large"), (b"a;\xff\xfe\n", "roster-not-text")):
        with pytest.raises(UsageError) as caught:
            roster.decode(data)
        assert caught.value.code == code
    with pytest.raises(UsageError) as caught:
        read("".join(f"a{number},Tên\n" for number in range(1001)))
    assert caught.value.code == "roster-too-large"
    for text in ("", " \n;;\n"):
        with pytest.raises(UsageError) as caught:
            read(text)
        assert caught.value.code == "roster-empty"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        found = read(text)
    except UsageError as error:
        assert error.code in ("roster-empty", "roster-too-large")
        return
    assert found.lines or found.problems
    assert len({line.login for line in found.lines}) == len(found.lines)
