"""Points: what is computed, what a lecturer gives, and the table of a class."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from classroom import NOW, RIGHT, open_classroom
from hypothesis import given
from hypothesis import strategies as st

from chiploom.hub.hub import Hub
from chiploom.hub.teaching import gradebook

DUE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
points = st.integers(1, 1000)
percents = st.integers(0, 100)
lateness = st.timedeltas(timedelta(days=-10), timedelta(days=400))


@given(points, percents, lateness)
def test_computed_points_are_never_negative_and_never_above(most: int, percent: int, late: timedelta) -> None:
    assert 0 <= gradebook.computed(most, percent, DUE + late, DUE) <= most


@given(points, percents, lateness, lateness)
def test_who_is_later_has_no_more(most: int, percent: int, one: timedelta, other: timedelta) -> None:
    sooner, later = sorted((DUE + one, DUE + other))
    assert gradebook.computed(most, percent, sooner, DUE) >= gradebook.computed(most, percent, later, DUE)


@given(points, percents, lateness, st.floats(0, 1000))
def test_an_override_wins_within_the_points(most: int, percent: int, late: timedelta, given_points: float) -> None:
    final = gradebook.final(most, gradebook.computed(most, percent, DUE + late, DUE), given_points)
    assert final == min(most, given_points)


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (timedelta(0), 100.0),
        (timedelta(seconds=-1), 100.0),
        (timedelta(seconds=1), 90.0),
        (timedelta(days=1), 90.0),
        (timedelta(days=1, seconds=1), 80.0),
        (timedelta(days=30), 0.0),
    ],
)
def test_each_day_begun_costs(late: timedelta, expected: float) -> None:
    assert gradebook.computed(100, 10, DUE + late, DUE) == expected


def test_nothing_proved_is_no_points() -> None:
    assert gradebook.computed(100, 0, None, DUE) == 0.0


def test_the_first_submission_that_does_it_counts(hub: Hub) -> None:
    room = open_classroom(hub)
    number = room.assign(due_at=NOW + timedelta(hours=1), late_percent_per_day=25)
    one, two = room.people
    room.hand_in(one, number, RIGHT, outcome="refuted", is_met=False)
    room.hand_in(one, number, RIGHT, created_at=NOW + timedelta(hours=2))
    room.hand_in(one, number, RIGHT, created_at=NOW + timedelta(days=2))
    room.hand_in(two, number, RIGHT, state="queued", outcome=None, is_met=None)
    with hub.database.reading() as session:
        book = gradebook.book(session, room.class_id)
    first, second = book.cells[(one.id, number)], book.cells[(two.id, number)]
    assert (first.points, first.late_days, first.state) == (75.0, 1, "met")
    assert first.work is not None and first.work.attempts == 3
    assert (second.points, second.state) == (0.0, "waiting")
    assert (book.total(one.id), book.most, book.met(number)) == (75.0, 100, 1)


def test_an_extension_moves_the_due_moment_of_one_learner(hub: Hub) -> None:
    room = open_classroom(hub)
    number = room.assign(due_at=NOW + timedelta(hours=1), late_percent_per_day=50)
    one, two = room.people
    later = NOW + timedelta(days=2)
    for person in room.people:
        room.hand_in(person, number, RIGHT, created_at=NOW + timedelta(hours=5))
    fields = {"due_at": room_time(later, hub), "closes_at": room_time(NOW + timedelta(days=4), hub)}
    room.lecturer.post(f"/teach/assignments/{number}/extensions", status=303, user_id=two.id, reason="ốm", **fields)
    with hub.database.reading() as session:
        book = gradebook.book(session, room.class_id)
    assert book.cells[(one.id, number)].points == 50.0
    assert book.cells[(two.id, number)].points == 100.0


def room_time(moment: datetime, hub: Hub) -> str:
    from classroom import local

    return local(moment, hub)
