"""The practice report: minutes, credits by the lecturer's mapping, the standard beside them."""

from __future__ import annotations

import pytest
from classroom import NOW, Classroom, open_classroom
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import UsageError
from chiploom.hub.database.schema import PracticeDay
from chiploom.hub.hub import Hub
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import practice


def note(room: Classroom, person: Person, task_id: str, day: str, minutes: int) -> None:
    with room.hub.database.writing() as session:
        session.add(
            PracticeDay(
                user_id=person.id, pack_id="foundations", task_id=task_id, day=day, minutes=minutes, last_at=NOW
            )
        )


@given(st.integers(0, 10**6), st.integers(1, 10**5))
def test_credits_are_minutes_by_the_lecturers_measure(minutes: int, each: int) -> None:
    credits = practice.credits_of(minutes, each)
    assert credits is not None and credits * each == pytest.approx(minutes)
    assert practice.credits_of(minutes, 0) is None


def test_a_share_needs_both_numbers() -> None:
    assert practice.share(2.0, 8.0) == 0.25
    assert practice.share(None, 8.0) is None
    assert practice.share(2.0, 0.0) is None


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "2026-02-30", "20260101"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        practice.check_day(text)


def test_the_report_counts_the_span_and_the_tasks_asked_for(hub: Hub) -> None:
    room = open_classroom(hub)
    room.assign(task_id="gates")
    one, _ = room.people
    note(room, one, "gates", "2026-11-01", 50)
    note(room, one, "gates", "2026-11-02", 40)
    note(room, one, "wire", "2026-11-02", 30)
    address = f"/teach/classes/{room.class_id}/practice"
    room.lecturer.post(address, status=303, minutes_per_credit=45)
    with hub.database.reading() as session:
        from chiploom.hub.database.schema import Class

        found = session.get_one(Class, room.class_id)
        report = practice.report(session, found, practice.Span(), hub.library.open_packs)
        later = practice.report(session, found, practice.Span("2026-11-02", "", False), hub.library.open_packs)
        private = practice.report(session, found, practice.Span("", "", False), frozenset())
    assert (report.total(one.id), report.credits(one.id)) == (90, 2.0)
    assert later.total(one.id) == 70
    assert private.total(one.id) == 90, "minutes in packs that are not open are not another lecturer's to see"
    shown = room.lecturer.get(f"{address}?programme=8")
    for words in ("1314/QĐ-BGDĐT", "25%", "30%", "no statement of compliance", practice.DECISION_1314.link):
        assert words in shown
    text = room.lecturer.get(f"/teach/classes/{room.class_id}/practice.csv")
    assert f"{one.name},foundations/gates,90,2" in text
    assert "no statement of compliance" in text
