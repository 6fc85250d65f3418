from graphlib import TopologicalSorter

import pytest

from chiploom import messages
from chiploom.errors import PackError
from chiploom.tasks.load import load_pack, load_tasks
from chiploom.tasks.skills import read_skills

LANGUAGES = ("en", "vi", "fr")
NAME = 'name = { en = "A", vi = "B", fr = "C" }\n'


def test_the_built_in_pack_names_exactly_the_skills_that_its_tasks_show() -> None:
    pack = load_pack()
    shown = {skill for task in load_tasks(pack) for skill in task.skills}
    assert set(pack.skills) == shown
    assert all(set(skill.name) == set(messages.LANGUAGES) for skill in pack.skills.values())
    # No cycle, and no skill that is an island: all but the first build on something.
    order = list(TopologicalSorter({skill.id: skill.needs for skill in pack.skills.values()}).static_order())
    assert [skill for skill in order if not pack.skills[skill].needs] == order[:1]


def test_a_skill_is_taught_no_earlier_than_the_skills_it_builds_on() -> None:
    """Following the pack's own order, what a skill needs is met before the skill itself is complete."""
    pack = load_pack()
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    for index, task in enumerate(load_tasks(pack)):
        for skill in task.skills:
            first.setdefault(skill, index)
            last[skill] = index
    late = [(skill.id, need) for skill in pack.skills.values() for need in skill.needs if first[need] > last[skill.id]]
    assert not late


def test_names_and_needs_are_read() -> None:
    skills = read_skills(f'[skills.a]\n{NAME}[skills."b.c"]\nneeds = ["a"]\n{NAME}', LANGUAGES)
    assert skills["b.c"].needs == ("a",)
    assert skills["a"].name["vi"] == "B"


@pytest.mark.parametrize(
    ("code", "words", "text"),
    [
        ("unknown-skill", "'b'", f'[skills.a]\nneeds = ["b"]\n{NAME}'),
        ("skill-cycle", "a", f'[skills.a]\nneeds = ["b"]\n{NAME}[skills.b]\nneeds = ["a"]\n{NAME}'),
        ("skill-cycle", "a -> a", f'[skills.a]\nneeds = ["a"]\n{NAME}'),
        ("missing-language", "skills.a.name.fr", '[skills.a]\nname = { en = "A", vi = "B" }\n'),
        ("missing-key", "skills.a.name", "[skills.a]\n"),
        ("unknown-key", "skills.a.need", f"[skills.a]\nneed = []\n{NAME}"),
        ("bad-value", "Seq Count", f'[skills."Seq Count"]\n{NAME}'),
        ("bad-value", "skills.a", "[skills]\na = 1\n"),
        ("toml-syntax", "skills.toml", "["),
        ("missing-key", "skills", ""),
        ("unknown-key", "extra", f"extra = 1\n[skills.a]\n{NAME}"),
    ],
)
def test_what_is_malformed_is_named(code: str, words: str, text: str) -> None:
    with pytest.raises(PackError) as caught:
        read_skills(text, LANGUAGES)
    assert caught.value.code == code
    assert words in caught.value.message
    assert "\n" not in caught.value.message
