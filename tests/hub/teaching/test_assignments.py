"""Assignments: windows, variants, attempts, and what may still be changed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from classroom import GATES, NOW, RIGHT, WRONG, local, open_classroom
from sqlalchemy import select
from starlette.testclient import TestClient
from visiting import files, verdict_of

from chiploom.errors import UsageError
from chiploom.grading.evidence import make_subject_id
from chiploom.hub import application
from chiploom.hub.database.schema import Assignment, AuditEntry
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.teaching import assignments, clock
from chiploom.hub.teaching.assignments import Terms, Window

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def move_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def draft(browser: Any, where: str, text: str, revision: int = 0) -> int:
    answer = browser.client.put(
        f"{where}/draft",
        json={"files": [["design.sv", text]], "revision": revision},
        headers={"x-csrf-token": browser.csrf, "accept": "application/json"},
    )
    return int(answer.status_code)


def test_moments_are_read_in_the_hubs_time_zone() -> None:
    assert assignments.parse_moment("2026-12-01T08:30", HANOI) == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    for text in ("", "2026-12-01", "2026-12-01 08:30", "2026-02-30T08:00", "1999-01-01T00:00", "2026-12-01T08:30Z"):
        with pytest.raises(UsageError) as caught:
            assignments.parse_moment(text, HANOI)
        assert caught.value.code == "bad-moment"


def test_a_window_opens_with_its_first_moment_and_ends_before_its_last() -> None:
    window = Window(NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    second = timedelta(seconds=1)
    phases = [window.phase(NOW + after) for after in (-second, 0 * second, timedelta(hours=1))]
    assert phases == ["before", "open", "open"]
    assert window.phase(window.due_at + second) == "late"
    assert window.phase(window.closes_at - second) == "late"
    assert window.phase(window.closes_at) == "closed"


def test_variants_are_fixed_spread_and_unforeseeable() -> None:
    row = Assignment(id=7, seed="a" * 64, variants=True)
    other = Assignment(id=7, seed="b" * 64, variants=True)
    subjects = [make_subject_id() for _ in range(400)]
    drawn = [assignments.variant_of(row, subject, 20) for subject in subjects]
    assert drawn == [assignments.variant_of(row, subject, 20) for subject in subjects]
    counts = Counter(drawn)
    assert set(counts) == set(range(1, 21))
    assert max(counts.values()) < 60, "20 expected of each"
    assert drawn != [assignments.variant_of(other, subject, 20) for subject in subjects]
    assert assignments.variant_of(Assignment(id=7, seed="a", variants=False), subjects[0], 20) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"due_at": NOW - timedelta(days=2)}, "bad-window"),
        ({"closes_at": NOW}, "bad-window"),
        ({"late_percent_per_day": 101}, "bad-range"),
        ({"late_percent_per_day": -1}, "bad-range"),
        ({"max_attempts": -1}, "bad-range"),
        ({"points": 0}, "bad-range"),
        ({"mode": "test"}, "bad-choice"),
        ({"ai_use": "some"}, "bad-choice"),
        ({"pack_id": "nothing"}, "unknown-pack"),
        ({"task_id": "nothing"}, "unknown-task"),
        ({"task_id": "wire", "variants": True}, "no-variants"),
    ],
)
def test_terms_that_make_no_sense_are_refused(hub: Hub, changes: dict[str, Any], code: str) -> None:
    terms = {
        "pack_id": "foundations",
        "task_id": "gates",
        "mode": "exam",
        "variants": False,
        "opens_at": NOW,
        "due_at": NOW + timedelta(hours=1),
        "closes_at": NOW + timedelta(hours=1),
    }
    assert hub.library.task("foundations", "wire").variant_count == 0
    assignments.check(Terms(**terms), hub.library)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        assignments.check(Terms(**{**terms, **changes}), hub.library)
    assert caught.value.code == code


def test_a_lecturer_sets_an_assignment_and_a_learner_does_it(hub: Hub) -> None:
    room = open_classroom(hub)
    fields = {
        "task": "foundations/gates",
        "mode": "practice",
        "opens_at": local(NOW - timedelta(hours=1), hub),
        "due_at": local(NOW + timedelta(days=1), hub),
        "closes_at": "",
        "ai_use": "none",
        "proctored": "no",
    }
    address = f"/teach/classes/{room.class_id}/assignments"
    assert "Give a date" in room.lecturer.post(address, status=422, **{**fields, "due_at": "soon"})
    room.lecturer.post(address, status=303, **fields)
    with hub.database.reading() as session:
        row = assignments.of_class(session, room.class_id)[0]
    assert (row.closes_at, row.proctored, row.ai_use) == (row.due_at, False, "none")
    learner = room.learners[0]
    assert f"/assignments/{row.id}" in learner.get("/learn")
    assert f'data-where="/assignments/{row.id}"' in learner.get(f"/assignments/{row.id}")
    verdict_of(learner, learner.post(f"/assignments/{row.id}/check", files=files(RIGHT)))
    assert "done" in learner.get("/learn")
    assert "foundations/gates" in room.lecturer.get(f"/teach/assignments/{row.id}")
    sheet = room.lecturer.get(f"/teach/classes/{room.class_id}/progress/table")
    assert "state-met" in sheet


def test_evidence_carries_the_conditions_of_the_assignment(hub: Hub) -> None:
    from chiploom.hub.database.schema import EvidenceRecord

    room = open_classroom(hub, learners=1)
    number = room.assign(mode="exam", proctored=True, ai_use="none")
    learner = room.learners[0]
    verdict_of(learner, learner.post(f"/assignments/{number}/check", files=files(RIGHT)))
    with hub.database.reading() as session:
        record = session.scalars(select(EvidenceRecord).where(EvidenceRecord.user_id == room.people[0].id)).one()
    assert '"proctored":true' in record.document


def test_what_has_work_keeps_its_task_and_is_not_deleted(hub: Hub) -> None:
    room = open_classroom(hub)
    number = room.assign()
    row = room.row(number)
    fields = {
        "task": "foundations/wire",
        "mode": "practice",
        "opens_at": local(row.opens_at, hub),
        "due_at": local(row.due_at, hub),
        "closes_at": local(row.closes_at, hub),
    }
    room.lecturer.post(f"/teach/assignments/{number}", status=303, **fields)
    assert room.row(number).task_id == "wire"
    room.hand_in(room.people[0], number, RIGHT)
    assert "already" in room.lecturer.post(
        f"/teach/assignments/{number}", status=422, **{**fields, "task": "foundations/gates"}
    )
    room.lecturer.post(f"/teach/assignments/{number}", status=303, **fields, points=50)
    assert (room.row(number).task_id, room.row(number).points) == ("wire", 50)
    room.lecturer.post(f"/teach/assignments/{number}/delete", status=422)
    other = room.assign()
    room.lecturer.post(f"/teach/assignments/{other}/delete", status=303)
    room.lecturer.get(f"/teach/assignments/{other}", status=404)


def test_an_exam_is_open_in_its_window_only_on_every_endpoint(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = open_classroom(hub, learners=2)
    opens, closes = NOW + timedelta(days=10), NOW + timedelta(days=10, hours=1)
    number = room.assign(mode="exam", opens_at=opens, due_at=closes, closes_at=closes)
    learner, where = room.learners[0], f"/assignments/{number}"
    title = GATES.title["en"]

    def refused_everywhere(words: str) -> None:
        for action, fields in (
            ("check", {"files": files(RIGHT)}),
            ("run", {"files": files(RIGHT), "stimulus": "a,b,c\n0,1,0\n"}),
            ("hints/1", {}),
        ):
            assert words in learner.post(f"{where}/{action}", status=422, **fields)
        assert draft(learner, where, "// x") == 422
        answer = learner.client.post(
            f"{where}/diagnose",
            json={"files": [["design.sv", "// x"]]},
            headers={"x-csrf-token": learner.csrf, "accept": "application/json"},
        )
        assert answer.status_code == 422

    move_clock(monkeypatch, opens - timedelta(seconds=1))
    refused_everywhere("not open yet")
    before = learner.get(where)
    assert title not in before and GATES.top not in before, "an exam says nothing before it opens"
    assert title not in learner.get("/learn").partition("assignments")[2].partition("</ul>")[0]

    move_clock(monkeypatch, opens)
    assert GATES.top in learner.get(where)
    shown = verdict_of(learner, learner.post(f"{where}/check", files=files(WRONG)))
    assert 'data-outcome="refuted"' in shown

    move_clock(monkeypatch, closes)
    refused_everywhere("closed")
    after = learner.get(where)
    assert GATES.top not in after and 'data-where="' not in after
    assert room.attempts(number) == 1

    late = closes + timedelta(minutes=30)
    room.lecturer.post(
        f"/teach/assignments/{number}/extensions",
        status=303,
        user_id=room.people[0].id,
        due_at=local(late, hub),
        closes_at=local(late, hub),
        reason="mất điện",
    )
    move_clock(monkeypatch, late - timedelta(minutes=1))
    assert GATES.top in learner.get(where)
    assert GATES.top not in room.learners[1].get(where), "the extension is one learner's"
    move_clock(monkeypatch, late)
    refused_everywhere("closed")
    move_clock(monkeypatch, late - timedelta(minutes=1))
    room.lecturer.post(f"/teach/assignments/{number}/extensions/{room.people[0].id}/remove", status=303)
    refused_everywhere("closed")


def test_an_exam_has_no_hints_and_nothing_of_practice(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    learner = room.learners[0]
    assert draft(learner, "/lab/foundations/gates", "// from practice") == 200
    learner.post("/lab/foundations/gates/hints/1")
    number = room.assign(mode="exam")
    where = f"/assignments/{number}"
    shown = learner.get(where)
    assert "// from practice" not in shown
    assert "there are no hints" in shown and f"{where}/hints" not in shown
    assert "no hints" in learner.post(f"{where}/hints/1", status=422)
    assert draft(learner, where, "// in the exam") == 200
    assert "// in the exam" in learner.get(where)


def test_a_task_is_not_practised_while_its_exam_is_open(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = open_classroom(hub, learners=1)
    learner, lab = room.learners[0], "/lab/foundations/gates"
    opens, closes = NOW + timedelta(days=10), NOW + timedelta(days=10, hours=1)
    room.assign(mode="exam", opens_at=opens, due_at=closes, closes_at=closes)
    learner.get(lab)
    move_clock(monkeypatch, opens)
    assert "exam on this task is open" in learner.get(lab, status=422)
    learner.post(f"{lab}/check?variant=1", status=422, files=files(RIGHT))
    learner.post(f"{lab}/hints/1", status=422)
    learner.get("/lab/foundations/wire")
    move_clock(monkeypatch, closes)
    learner.get(lab)


def test_attempts_are_limited_also_at_the_same_moment(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    number = room.assign(max_attempts=2)
    learner, csrf = room.learners[0], room.learners[0].csrf

    def check(text: str) -> int:
        answer = learner.client.post(
            f"/assignments/{number}/check", data={"files": files(text)}, headers={"x-csrf-token": csrf}
        )
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(check, [f"{RIGHT}\n// {turn}" for turn in range(4)]))
    assert room.attempts(number) == 2
    assert sorted(statuses) == [200, 200, 422, 422]
    assert "Attempts left: 0 of 2" in learner.get(f"/assignments/{number}")


def test_a_check_without_an_answer_is_no_attempt(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    number = room.assign(max_attempts=1)
    room.hand_in(room.people[0], number, RIGHT, outcome="undecided", is_met=False)
    assert "Attempts left: 1 of 1" in room.learners[0].get(f"/assignments/{number}")
    room.hand_in(room.people[0], number, RIGHT, outcome="rejected", is_met=False)
    room.learners[0].post(f"/assignments/{number}/check", status=422, files=files(RIGHT))


def test_submissions_carry_the_learners_variant(hub: Hub) -> None:
    from chiploom.hub.database.schema import Submission

    room = open_classroom(hub, learners=3)
    number = room.assign(variants=True, mode="exam")
    count = hub.library.task("foundations", "gates").variant_count
    for browser, person in zip(room.learners, room.people, strict=True):
        expected = assignments.variant_of(room.row(number), person.subject, count)
        assert f"Your variant: {expected}." in browser.get(f"/assignments/{number}?variant=1")
        browser.post(f"/assignments/{number}/check?variant=1", files=files(RIGHT))
        with hub.database.reading() as session:
            row = session.scalars(select(Submission).where(Submission.user_id == person.id)).one()
        assert (row.variant, row.assignment_id, row.is_exam) == (expected, number, True)


def test_an_extension_gives_more_time_not_less(hub: Hub) -> None:
    room = open_classroom(hub)
    number = room.assign()
    row = room.row(number)
    address = f"/teach/assignments/{number}/extensions"
    more = {"due_at": local(row.due_at + timedelta(days=9), hub), "closes_at": local(row.closes_at, hub)}
    room.lecturer.post(address, status=422, user_id=room.people[0].id, reason="x", **more)
    more["closes_at"] = more["due_at"]
    room.lecturer.post(address, status=422, user_id=room.people[0].id, reason=" ", **more)
    room.lecturer.post(address, status=404, user_id=room.person.id, reason="x", **more)
    room.lecturer.post(address, status=303, user_id=room.people[0].id, reason="x", **more)
    with hub.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "extension-given")).all()[-1]
    assert entry.details == {"user": room.people[0].id}


def test_a_token_counts_for_nothing_on_a_page(hub: Hub) -> None:
    room = open_classroom(hub, learners=1)
    number = room.assign()
    browser = TestClient(application.create(hub))
    for scopes in (["read"], ["submit"]):
        with hub.database.writing() as session:
            token = accounts.make_token(session, room.people[0].id, "program", scopes, 1)
        answer = browser.post(
            f"/assignments/{number}/check",
            data={"files": files(RIGHT)},
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 401
