"""Earlier submissions: for reading, beside one another, and to go on from without losing the draft."""

from __future__ import annotations

import html
import json
import re
import secrets
from datetime import UTC, datetime

import pytest
from classroom import Classroom, open_classroom
from test_lab import data
from visiting import Browser

from chiploom.hub import work
from chiploom.hub.database.schema import Submission
from chiploom.hub.hub import Hub
from chiploom.hub.work import Place

LAB = "/lab/foundations/gates"


@pytest.fixture(scope="module")
def room(hub: Hub) -> Classroom:
    return open_classroom(hub, learners=2)


def hand_in(room: Classroom, text: str, index: int = 0, **values: object) -> int:
    """Write a submission of practice as if it had been graded, and return its number."""
    with room.hub.database.writing() as session:
        row = Submission(
            **{
                "user_id": room.people[index].id,
                "pack_id": "foundations",
                "pack_version": "1",
                "task_id": "gates",
                "files": [["design.sv", text]],
                "created_at": datetime.now(UTC),
                "state": "done",
                "outcome": "refuted",
                **values,
            }
        )
        session.add(row)
        session.flush()
        return row.id


def save(browser: Browser, text: str, revision: int, where: str = LAB, status: int = 200) -> None:
    answer = browser.client.put(
        f"{where}/draft",
        json={"files": [["design.sv", text]], "revision": revision},
        headers={"x-csrf-token": browser.csrf, "accept": "application/json"},
    )
    assert answer.status_code == status, answer.text


def marked(page: str) -> list[tuple[str, str]]:
    """Return the changed lines of a page, with their marks."""
    rows = re.findall(r'<td class="mark">([+-])<span.*?</td><td><code>(.*?)</code>', page)
    return [(mark, html.unescape(text)) for mark, text in rows]


def editor(page: str) -> list[list[str]]:
    files: list[list[str]] = data(page, "files")
    return files


def test_an_earlier_submission_is_read_and_compared_and_does_not_touch_the_draft(room: Classroom) -> None:
    learner = room.add_learner()[0]
    index = len(room.learners) - 1
    first = hand_in(room, "module a;\n<b>\nendmodule", index)
    second = hand_in(room, "module a;\nassign y = 1;\nendmodule", index)
    save(learner, "module a;\nassign y = 0;\nendmodule", 0)

    page = learner.get(LAB)
    assert f"{LAB}?submission={second}&amp;against={first}" in page
    assert editor(page) == [["design.sv", "module a;\nassign y = 0;\nendmodule"]]

    read = learner.get(f"{LAB}?submission={first}")
    assert "&lt;b&gt;" in read and "<b>" not in read
    assert 'id="lab"' not in read, "there is nothing to type into"
    older = [("-", "<b>"), ("+", "assign y = 1;")]
    assert marked(learner.get(f"{LAB}?submission={second}&against={first}")) == older
    assert marked(learner.get(f"{LAB}?submission={first}&against={second}")) == older, "always from old to new"
    to_draft = marked(learner.get(f"{LAB}?submission={second}&against=draft"))
    assert to_draft == [("-", "assign y = 1;"), ("+", "assign y = 0;")]
    for odd in ("x", "-1", "٣²", "1" * 20):
        answer = learner.client.get(f"{LAB}?submission={first}&against={odd}")
        assert answer.status_code in (200, 404)
    assert editor(learner.get(LAB)) == [["design.sv", "module a;\nassign y = 0;\nendmodule"]]


def test_going_on_from_an_earlier_one_keeps_the_draft(room: Classroom) -> None:
    learner, person = room.add_learner()
    old = hand_in(room, "old", len(room.learners) - 1)
    save(learner, "precious", 0)
    learner.post(f"{LAB}/continue", status=303, submission=old)
    page = learner.get(f"{LAB}?said=continued")
    assert editor(page) == [["design.sv", "old"]]
    assert "What was in the editor before is kept" in page
    save(learner, "from another window", 1, status=409)

    kept = re.search(rf'href="({LAB}\?kept=(\d+))"', page)
    assert kept is not None
    assert "precious" in learner.get(kept[1])
    assert marked(learner.get(f"{kept[1]}&against=draft")) == [("-", "precious"), ("+", "old")]
    learner.post(f"{LAB}/continue", status=303, kept=kept[2])
    assert editor(learner.get(LAB)) == [["design.sv", "precious"]]
    with room.hub.database.reading() as session:
        assert [draft.files[0][1] for draft in work.kept_drafts(session, person, Place("foundations", "gates"))] == [
            "old",
            "precious",
        ]
    learner.get(f"{LAB}?kept=99", status=404)
    learner.post(f"{LAB}/continue", status=404, kept=99)
    learner.post(f"{LAB}/continue", status=404)


def test_some_drafts_are_kept_and_the_oldest_go(hub: Hub, room: Classroom) -> None:
    person = room.add_learner()[1]
    place = Place("foundations", "gates")
    for number in range(work.MOST_KEPT + 3):
        with hub.database.writing() as session:
            work.replace_draft(session, person, place, [["design.sv", str(number)]])
    with hub.database.writing() as session:
        work.replace_draft(session, person, place, [["design.sv", str(number)]])
    with hub.database.reading() as session:
        kept = work.kept_drafts(session, person, place)
    assert [draft.files[0][1] for draft in kept] == ["6", "5", "4", "3", "2"], "the same again keeps nothing"


def test_nobody_reads_or_goes_on_from_what_is_anothers_or_of_another_place(room: Classroom) -> None:
    learner, other = room.learners[:2]
    mine, secret = hand_in(room, "mine"), f"s{secrets.token_hex(8)}"
    theirs = hand_in(room, secret, 1)
    variant = hand_in(room, secret, variant=3)
    assignment = room.assign(mode="practice", task_id="wire")
    handed_in = room.hand_in(room.people[0], assignment, "x")
    for number in (theirs, variant, handed_in, 0, 1 << 40):
        learner.get(f"{LAB}?submission={number}", status=404)
        learner.get(f"{LAB}?submission={mine}&against={number}", status=404)
        learner.post(f"{LAB}/continue", status=404, submission=number)
    learner.get(f"/assignments/{assignment}?submission={handed_in}&against={mine}", status=404)
    learner.post(f"/assignments/{assignment}/continue", status=404, submission=mine)
    other.get(f"/assignments/{assignment}?submission={handed_in}", status=404)
    assert secret in learner.get(f"{LAB}?submission={variant}&variant=3")
    assert f"{LAB}/continue?variant=3" in learner.get(f"{LAB}?submission={variant}&variant=3")


def test_practice_says_that_it_does_not_count_for_an_assignment(room: Classroom) -> None:
    learner = room.learners[0]
    said = "does not count for it"
    assert said not in learner.get("/lab/foundations/parity")
    assignment = room.assign(task_id="parity")
    page = learner.get("/lab/foundations/parity")
    assert said in page and f'href="/assignments/{assignment}"' in page
    assert said not in learner.get(f"/assignments/{assignment}")
    assert said not in learner.get(LAB)


def test_a_lecturer_sees_what_changed_between_submissions_and_no_draft(room: Classroom) -> None:
    assignment = room.assign()
    person, learner = room.people[0], room.learners[0]
    first = room.hand_in(person, assignment, "a\nb", outcome="refuted", is_met=False)
    second = room.hand_in(person, assignment, "a\nc", outcome="refuted", is_met=False)
    save(learner, "a draft of mine", 0, f"/assignments/{assignment}")
    page = room.lecturer.get(f"/teach/submissions/{second}?against={first}")
    assert marked(page) == [("-", "b"), ("+", "c")]
    assert "a draft of mine" not in room.lecturer.get(f"/teach/submissions/{second}?against=draft")
    elsewhere = hand_in(room, "practice")
    room.lecturer.get(f"/teach/submissions/{second}?against={elsewhere}", status=404)
    assert json.dumps("a draft of mine") in learner.get(f"/assignments/{assignment}")
