"""What a lecturer sees and gives: points with a reason, files for spreadsheets, code with its verdict."""

from __future__ import annotations

import csv
import io

import pytest
from classroom import RIGHT, WRONG, open_classroom
from sqlalchemy import select
from visiting import files, verdict_of

from chiploom.hub.database.schema import Assignment, AuditEntry
from chiploom.hub.hub import Hub


def test_given_points_count_until_they_are_taken_back(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    person, number = room.people[0], room.assign(points=10)
    room.hand_in(person, number, RIGHT)
    book, where = f"/teach/classes/{room.class_id}/gradebook", f"/teach/assignments/{number}/learners/{person.id}"
    assert ">10</a>" in room.lecturer.get(book)
    for points, reason in (("11", "x"), ("-1", "x"), ("nan", "x"), ("inf", "x"), ("ten", "x"), ("5", " ")):
        room.lecturer.post(f"{where}/points", status=422, points=points, reason=reason)
    room.lecturer.post(f"{where}/points", status=303, points="3", reason="lần đầu")
    room.lecturer.post(f"{where}/points", status=303, points="7,5", reason='trình bày <b>"tốt"')
    shown = room.lecturer.get(book)
    assert ">7.5</a>" in shown and "<b>" not in shown
    assert "trình bày" in room.lecturer.get(where)
    with hub.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "points-given")).all()[-1]
    assert (entry.object, entry.details) == (f"assignment {number}", {"user": person.id})
    room.lecturer.post(f"{where}/points/remove", status=303)
    assert ">10</a>" in room.lecturer.get(book)


@pytest.mark.parametrize(
    ("language", "delimiter", "half"), [("en", ",", "7.5"), ("vi", ";", "7,5"), ("fr", ";", "7,5")]
)
def test_the_gradebook_file_is_a_spreadsheets_and_runs_nothing(
    hub: Hub, language: str, delimiter: str, half: str
) -> None:
    room = open_classroom(hub, learners=0)
    person = room.add_learner('=HYPERLINK("http://x";"Ánh")')[1]
    number = room.assign(points=10)
    where = f"/teach/assignments/{number}/learners/{person.id}/points"
    room.lecturer.post(where, status=303, points="7.5", reason="x")
    room.lecturer.post("/language", status=303, chosen=language)
    answer = room.lecturer.client.get(f"/teach/classes/{room.class_id}/gradebook.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert rows[1][1] == '\'=HYPERLINK("http://x";"Ánh")'
    assert rows[1][2:] == [half, half]
    assert rows[0][2].endswith("(10)")


def test_code_and_verdict_of_a_learner_are_shown_as_text(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    number, learner = room.assign(), room.learners[0]
    verdict_of(learner, learner.post(f"/assignments/{number}/check", files=files(f"// </code><script>\n{WRONG}")))
    with hub.database.reading() as session:
        from chiploom.hub.teaching import gradebook

        work = gradebook.book(session, room.class_id).cells[(room.people[0].id, number)].work
    assert work is not None
    page = f"/teach/submissions/{work.last_id}"
    assert page in room.lecturer.get(f"/teach/classes/{room.class_id}/learners/{room.people[0].id}")
    shown = room.lecturer.get(page)
    assert "// &lt;/code&gt;&lt;script&gt;" in shown and "// </code><script>" not in shown
    assert 'data-outcome="refuted"' in shown
    waiting = room.hand_in(room.people[0], number, RIGHT, state="queued", outcome=None, is_met=None)
    shown = room.lecturer.get(f"/teach/submissions/{waiting}")
    assert "hx-get" not in shown, "only its owner may follow a submission in the queue"


def test_a_pack_that_was_taken_away_leaves_the_class_readable(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    number = room.assign()
    with hub.database.writing() as session:
        row = session.get_one(Assignment, number)
        row.pack_id, row.task_id = "gone", "away"
    room.hand_in(room.people[0], number, RIGHT)
    for path in ("", "/progress", "/gradebook", "/gradebook.csv", f"/learners/{room.people[0].id}"):
        assert "gone/away" in room.lecturer.get(f"/teach/classes/{room.class_id}{path}")
    room.lecturer.get(f"/teach/assignments/{number}/clusters")
    assert "gone/away" in room.learners[0].get("/learn")
    room.learners[0].get(f"/assignments/{number}", status=404)
