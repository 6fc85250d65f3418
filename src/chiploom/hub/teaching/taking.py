"""The learner's side of assignments: what one may work on, until when, and what may still be handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub import work
from chiploom.hub.database.schema import Assignment, Enrolment, Extension, Submission
from chiploom.hub.library import Library
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock
from chiploom.hub.teaching.assignments import Window, variant_of, window
from chiploom.hub.teaching.courses import not_found, row_id
from chiploom.hub.work import Place
from chiploom.tasks.model import Task


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment as one learner has it."""

    row: Assignment
    window: Window
    attempts: int
    is_met: bool

    @property
    def attempts_left(self) -> int | None:
        """How many attempts are left, None where they are not limited."""
        return max(0, self.row.max_attempts - self.attempts) if self.row.max_attempts else None


def given(session: Session, person: Person, number: int) -> Given:
    """Return an assignment of a class that this person is a learner in.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    row = session.get(Assignment, row_id(number))
    if row is None or not _is_learner(session, person.id, row.class_id):
        raise not_found()
    extension = session.get(Extension, {"assignment_id": row.id, "user_id": person.id})
    is_met = session.scalar(
        select(Submission.id)
        .where(Submission.assignment_id == row.id, Submission.user_id == person.id, Submission.is_met.is_(True))
        .limit(1)
    )
    return Given(row, window(row, extension), work.attempts(session, person.id, row.id), is_met is not None)


def given_to(session: Session, person_id: int, now: datetime) -> list[Given]:
    """Return what a learner may work on now or later, what is due first before the rest."""
    rows = session.execute(_GIVEN, {"person": person_id}).all()
    found = {row.Assignment.id: (row.Assignment, window(row.Assignment, row.Extension)) for row in rows}
    found = {number: item for number, item in found.items() if item[1].phase(now) != "closed"}
    if not found:
        return []
    values = {"person": person_id, "numbers": list(found)}
    counted = {row.assignment_id: row for row in session.execute(_COUNTED, values)}
    return sorted(
        (
            Given(
                row,
                span,
                counted[number].attempts if number in counted else 0,
                bool(number in counted and counted[number].is_met),
            )
            for number, (row, span) in found.items()
        ),
        key=lambda item: (item.window.due_at, item.row.id),
    )


def holding(session: Session, person_id: int, now: datetime, pack_id: str, task_id: str) -> list[Given]:
    """Return the assignments with a task on which a learner may work now."""
    return [
        item
        for item in given_to(session, person_id, now)
        if (item.row.pack_id, item.row.task_id) == (pack_id, task_id) and item.window.phase(now) in ("open", "late")
    ]


def require_open(item: Given, now: datetime) -> None:
    """Refuse work outside the window.

    Raises
    ------
    UsageError
        ``assignment-not-open`` or ``assignment-closed``.
    """
    phase = item.window.phase(now)
    if phase == "before":
        raise UsageError("assignment-not-open", "this assignment is not open yet")
    if phase == "closed":
        raise UsageError("assignment-closed", "this assignment is closed")


def admit(session: Session, person: Person, number: int) -> datetime:
    """Let a submission in, inside the transaction that writes it, and return the moment that counts.

    The enrolment is locked first, so that of two submissions at the same moment the second sees the first.

    Raises
    ------
    UsageError
        ``not-found``, ``assignment-not-open``, ``assignment-closed`` or ``no-attempts-left``.
    """
    class_id = session.scalar(select(Assignment.class_id).where(Assignment.id == row_id(number)))
    session.scalar(
        select(Enrolment.role).where(Enrolment.class_id == class_id, Enrolment.user_id == person.id).with_for_update()
    )
    item, now = given(session, person, number), clock.now()
    require_open(item, now)
    if item.attempts_left == 0:
        raise UsageError("no-attempts-left", f"all {item.row.max_attempts} attempts are used")
    return now


def task_and_place(library: Library, item: Given, person: Person) -> tuple[Task, Place]:
    """Return the task as this learner gets it, and the place that submissions are filed under.

    Raises
    ------
    UsageError
        ``unknown-pack`` or ``unknown-task``: the pack is no longer here.
    """
    row = item.row
    task = task_of(library, row, person.subject)
    return task, Place(row.pack_id, row.task_id, task.variant, row.id, row.mode == "exam")


def task_of(library: Library, row: Assignment, subject: str) -> Task:
    """Return the task of an assignment as a learner gets it: in the version it was set in, with their variant.

    Raises
    ------
    UsageError
        ``unknown-pack`` or ``unknown-task``: the pack is no longer here.
    """
    base = library.task(row.pack_id, row.task_id, version=row.pack_version)
    variant = variant_of(row, subject, base.variant_count)
    return base if variant is None else library.task(row.pack_id, row.task_id, variant, row.pack_version)


def in_exams(items: Sequence[Given], now: datetime) -> set[tuple[str, str]]:
    """Return pack and task of the exams among a learner's assignments that are open."""
    return {
        (item.row.pack_id, item.row.task_id)
        for item in items
        if item.row.mode == "exam" and item.window.phase(now) in ("open", "late")
    }


def sits_exam(connection: Connection, person_id: int, pack_id: str, task_id: str) -> bool:
    """Tell whether a learner has an open exam on a task, which must not be practised meanwhile."""
    values = {"person": person_id, "pack": pack_id, "task": task_id, "now": clock.now()}
    return connection.execute(_SITS_EXAM, values).first() is not None


# Every page or keystroke asks these, so the statements are made once.
_GIVEN = (
    select(Assignment, Extension)
    .join(Enrolment, Enrolment.class_id == Assignment.class_id)
    .outerjoin(Extension, (Extension.assignment_id == Assignment.id) & (Extension.user_id == Enrolment.user_id))
    .where(Enrolment.user_id == bindparam("person"), Enrolment.role == "learner")
)
_COUNTED = (
    select(
        Submission.assignment_id,
        func.count().label("attempts"),
        func.max(func.coalesce(Submission.is_met, False).cast(Submission.id.type)).label("is_met"),
    )
    .where(
        Submission.assignment_id.in_(bindparam("numbers", expanding=True)),
        Submission.user_id == bindparam("person"),
        func.coalesce(Submission.outcome, "") != "undecided",
    )
    .group_by(Submission.assignment_id)
)
_SITS_EXAM = (
    select(Assignment.id)
    .join(Enrolment, Enrolment.class_id == Assignment.class_id)
    .outerjoin(Extension, (Extension.assignment_id == Assignment.id) & (Extension.user_id == Enrolment.user_id))
    .where(
        Enrolment.user_id == bindparam("person"),
        Enrolment.role == "learner",
        Assignment.pack_id == bindparam("pack"),
        Assignment.task_id == bindparam("task"),
        Assignment.mode == "exam",
        Assignment.opens_at <= bindparam("now"),
        # As in window: an extension that was overtaken by a later end of the assignment takes nothing.
        or_(Assignment.closes_at > bindparam("now"), Extension.closes_at > bindparam("now")),
    )
    .limit(1)
)


def _is_learner(session: Session, user_id: int, class_id: int) -> bool:
    enrolment = session.get(Enrolment, {"class_id": class_id, "user_id": user_id})
    return enrolment is not None and enrolment.role == "learner"
