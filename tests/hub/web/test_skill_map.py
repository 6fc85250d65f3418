from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from zoneinfo import ZoneInfo

from chiploom.hub.library import Library
from chiploom.hub.progress import Standing, TaskStanding
from chiploom.hub.web import skill_map
from chiploom.hub.web.language import Wording

LIBRARY = Library()
TASKS = list(LIBRARY.tasks("foundations"))
WORDS = Wording("en", ZoneInfo("UTC"))


def standing(*met: str, track: str = "design") -> Standing:
    tasks = tuple(TaskStanding(task, task.id in met, int(task.id in met)) for task in TASKS if task.track == track)
    skills: dict[str, tuple[int, int]] = {}
    for item in tasks:
        for skill in item.task.skills:
            done, total = skills.get(skill, (0, 0))
            skills[skill] = (done + item.is_met, total + 1)
    following = next((item for item in tasks if not item.is_met), None)
    return Standing(tasks, following, "go-on", skills)


def by_id(*met: str) -> dict[str, skill_map.SkillStanding]:
    return {skill.id: skill for skill in skill_map.standings(standing(*met), LIBRARY, "en")}


def test_states_follow_what_is_proved() -> None:
    nothing = by_id()
    assert nothing["combinational.wiring"].state == "ready"
    assert nothing["combinational.gates"].state == "later"
    some = by_id("wire", "flip-flop")
    assert some["combinational.wiring"].state == "done"
    assert some["combinational.gates"].state == "ready"
    assert some["sequential.register"].state == "begun"
    assert (some["sequential.register"].done, some["sequential.register"].total) == (1, 6)


def test_a_skill_leads_to_its_first_task_that_is_not_proved() -> None:
    assert by_id()["sequential.register"].task.id == "flip-flop"
    assert by_id("flip-flop")["sequential.register"].task.id == "flip-flop-async-reset"
    assert by_id("wire")["combinational.wiring"].task.id == "wire"


def test_what_comes_next_is_marked() -> None:
    assert [skill.id for skill in by_id("wire").values() if skill.is_next] == [
        "combinational.gates",
        "combinational.truth-table",
    ]


def test_a_line_that_says_nothing_new_is_left_out() -> None:
    # The UART needs machines, whose need for resets is implied.
    skills = by_id()
    for skill in skills.values():
        for need in skill.needs:
            implied = {far for near in skill.needs if near != need for far in skills[near].needs}
            assert need not in implied, (skill.id, need)


def test_skills_of_other_tracks_are_stepped_over() -> None:
    needs = skill_map._needs(("a", "c"), (("a", ()), ("b", ("a",)), ("c", ("b",))))
    assert needs == {"a": (), "c": ("a",)}


def test_the_picture_holds_every_skill_apart_right_of_what_it_builds_on() -> None:
    skills = skill_map.standings(standing("wire"), LIBRARY, "vi")
    text = skill_map.draw(skills, Wording("vi", ZoneInfo("UTC")))
    assert "style" not in text
    drawing = ElementTree.fromstring(text)
    places = {}
    for skill, link in zip(skills, drawing.iter("a"), strict=True):
        body = link.find("rect")
        assert body is not None
        places[skill.id] = (float(body.get("x") or 0), float(body.get("y") or 0))
        assert skill.name in (link.findtext("title") or "")
        assert link.get("href") == f"/lab/foundations/{skill.task.id}"
    assert len(set(places.values())) == len(skills)
    for skill in skills:
        assert all(places[need][0] < places[skill.id][0] for need in skill.needs)
    ordered = sorted(places.values())
    for (x, y), (next_x, next_y) in itertools.pairwise(ordered):
        assert x != next_x or next_y - y >= 40
    assert len(re.findall('class="need', text)) == sum(len(skill.needs) for skill in skills)


def test_nothing_is_drawn_of_a_track_without_tasks() -> None:
    assert skill_map.draw(skill_map.standings(standing(track="test"), LIBRARY, "en"), WORDS) == ""
