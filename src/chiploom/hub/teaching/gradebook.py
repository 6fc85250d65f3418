"""Points: computed from proved submissions, lateness and overrides, and the table of a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, Override, Submission
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, clock, courses
from chiploom.hub.teaching.courses import Member

_DAY = timedelta(days=1)


def days_late(met_at: datetime, due_at: datetime) -> int:
    """Return how many days were begun between the due moment and the submission."""
    return max(0, -((due_at - met_at) // _DAY))


def computed(points: int, percent_per_day: int, met_at: datetime | None, due_at: datetime) -> float:
    """Return the points for an assignment whose first submission that does it was made at ``met_at`` (None: none)."""
    if met_at is None:
        return 0.0
    taken = min(100, percent_per_day * days_late(met_at, due_at))
    return points * (100 - taken) / 100


def final(points: int, computed_points: float, override: float | None) -> float:
    """Return the points that count: what a lecturer gave, or else what was computed; from 0 to ``points``."""
    return min(float(points), max(0.0, computed_points if override is None else override))


@dataclass(frozen=True, slots=True)
class Work:
    """What one learner did for one assignment.

    Attributes
    ----------
    met_at : datetime or None
        When the first submission that does it was made.
    outcome : str or None
        Outcome of the newest submission, None while it has none.
    """

    attempts: int
    met_at: datetime | None
    last_id: int
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's points for one assignment."""

    points: float
    computed: float
    override: float | None
    reason: str
    late_days: int
    work: Work | None

    @property
    def state(self) -> str:
        """``new``, ``waiting``, ``tried`` or ``met``."""
        if self.work is None:
            return "new"
        if self.work.met_at is not None:
            return "met"
        return "waiting" if self.work.is_waiting else "tried"


@dataclass(frozen=True, slots=True)
class Book:
    """The table of a class: ``cells`` by (learner, assignment)."""

    learners: Sequence[Member]
    assignments: Sequence[Assignment]
    cells: Mapping[tuple[int, int], Cell]

    def total(self, learner_id: int) -> float:
        """Return a learner's points in all assignments together."""
        return sum(self.cells[(learner_id, row.id)].points for row in self.assignments)

    @property
    def most(self) -> int:
        """The points there are in all."""
        return sum(row.points for row in self.assignments)

    def met(self, assignment_id: int) -> int:
        """Return how many learners did an assignment."""
        return sum(self.cells[(member.id, assignment_id)].state == "met" for member in self.learners)


def book(session: Session, class_id: int) -> Book:
    """Return the table of a class: one query each for people, assignments, extensions, overrides and work."""
    learners = courses.members(session, class_id)
    rows = assignments.of_class(session, class_id)
    numbers = [row.id for row in rows]
    extended = assignments.extensions(session, numbers)
    overrides = _overrides(session, numbers)
    works = _works(session, numbers)
    cells = {}
    for member in learners:
        for row in rows:
            done = works.get((member.id, row.id))
            due_at = assignments.window(row, extended.get((row.id, member.id))).due_at
            met_at = None if done is None else done.met_at
            earned = computed(row.points, row.late_percent_per_day, met_at, due_at)
            override = overrides.get((member.id, row.id))
            cells[(member.id, row.id)] = Cell(
                final(row.points, earned, None if override is None else override.points),
                earned,
                None if override is None else override.points,
                "" if override is None else override.reason,
                0 if met_at is None else days_late(met_at, due_at),
                done,
            )
    return Book(learners, rows, cells)


def give(session: Session, person: Person, row: Assignment, user_id: int, points: float, reason: str) -> None:
    """Give points instead of the computed ones.

    Raises
    ------
    UsageError
        ``bad-points`` or ``bad-reason``.
    """
    if not 0 <= points <= row.points:
        raise UsageError("bad-points", f"points are from 0 to {row.points}")
    reason = assignments.check_reason(reason)
    session.add(
        Override(assignment_id=row.id, user_id=user_id, points=points, reason=reason, at=clock.now(), by_id=person.id)
    )
    accounts.audit(session, person, "points-given", f"assignment {row.id}", user=user_id)


def take_back(session: Session, person: Person, row: Assignment, user_id: int) -> None:
    """Let the computed points count again. The audit log keeps that there were others."""
    session.execute(delete(Override).where(Override.assignment_id == row.id, Override.user_id == user_id))
    accounts.audit(session, person, "points-taken-back", f"assignment {row.id}", user=user_id)


def _works(session: Session, numbers: Sequence[int]) -> dict[tuple[int, int], Work]:
    rows = session.execute(
        select(
            Submission.user_id,
            Submission.assignment_id,
            func.count().label("attempts"),
            func.min(case((Submission.is_met.is_(True), Submission.created_at))).label("met_at"),
            func.max(Submission.id).label("last_id"),
            func.max(case((Submission.state != "done", 1), else_=0)).label("waiting"),
        )
        .where(Submission.assignment_id.in_(numbers))
        .group_by(Submission.user_id, Submission.assignment_id)
    )
    return {
        (row.user_id, row.assignment_id): Work(row.attempts, row.met_at, row.last_id, bool(row.waiting)) for row in rows
    }


def _overrides(session: Session, numbers: Sequence[int]) -> dict[tuple[int, int], Override]:
    rows = session.scalars(select(Override).where(Override.assignment_id.in_(numbers)).order_by(Override.id))
    return {(row.user_id, row.assignment_id): row for row in rows}
