from typing import Any

import pytest

from chiploom.tasks.wavedrom import draw, problems

GOOD: dict[str, Any] = {
    "signal": [
        {"name": "clk", "wave": "p..."},
        {},
        ["group", {"name": "q", "wave": "x=.=", "data": ["5", "12"]}, {"name": "n", "wave": "01.z", "node": ".a.."}],
    ],
    "head": {"text": "t"},
    "config": {"hscale": 1},
}


def test_a_good_diagram_has_no_problem_and_is_drawn() -> None:
    assert list(problems(GOOD)) == []
    lines = draw(GOOD).splitlines()
    assert [line.split()[0] if line else "" for line in lines] == ["clk", "", "q", "n"]
    assert lines[0].count("╱") == 4
    assert "5" in lines[2]
    assert "12" in lines[2]
    assert lines[2].endswith("╳ 12")
    assert lines[3].split()[1].startswith("▁▁")


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        ([{"name": "a", "wave": "01q"}], "does not draw"),
        ([{"name": "a", "wave": 3}], "does not draw"),
        ([{"name": "a", "wave": "01", "dta": []}], "'dta'"),
        ([{"name": "a", "wave": "=", "data": ["1", "2"]}], "2 data for 1 boxes"),
        ([{"name": "a", "wave": "=", "data": 3}], "list or a string"),
        ([{"name": "a", "wave": "01"}, {"name": "b", "wave": "0"}], "differ in length"),
        ([3, {"name": "a", "wave": "0"}], "no signal"),
        ([{"name": "a"}], "holds no wave"),
    ],
)
def test_what_cannot_be_drawn_is_named(signal: list[Any], words: str) -> None:
    assert any(words in problem for problem in problems({"signal": signal}))


def test_unknown_keys_are_named() -> None:
    assert any("'sginal'" in problem for problem in problems({"sginal": []}))


def test_wide_diagrams_are_cut_and_hostile_names_shown() -> None:
    wide = {"signal": [{"name": "\x1b[31mred\u202e", "wave": "01" * 200}]}
    (line,) = draw(wide, width=60).splitlines()
    assert line.startswith("\\u001b[31mred\\u202e")
    assert line.endswith("…")
    assert "\x1b" not in line
