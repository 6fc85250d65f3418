"""Assignments: what a class has to do, when, and what a learner may still hand in."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, ClusterComment, Extension, Override, Submission
from chiploom.hub.library import Library
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock
from chiploom.hub.teaching.courses import not_found, row_id, taught

MODES = ("practice", "exam")
AI_USES = ("none", "assisted", "generated")
Phase = Literal["before", "open", "late", "closed"]

_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lecturer sets.

    Attributes
    ----------
    opens_at, due_at, closes_at : datetime
        From ``due_at`` to ``closes_at`` work is late.
    late_percent_per_day : int
        Taken off for every day begun after ``due_at``.
    max_attempts : int
        0: as many as one likes.
    proctored : bool or None
        What evidence says about supervision; None: nothing.
    ai_use : str or None
        What evidence says about the use of AI tools: one of :data:`AI_USES`, None: nothing.
    pack_version : str
        Of the pack, whose task stays as it was when a newer one comes; empty: the present one.
    """

    pack_id: str
    task_id: str
    mode: str
    variants: bool
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    late_percent_per_day: int = 0
    max_attempts: int = 0
    points: int = 100
    proctored: bool | None = None
    ai_use: str | None = None
    pack_version: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When one learner may work on an assignment, with their extension."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime

    def phase(self, now: datetime) -> Phase:
        """Tell where a moment lies; the opening belongs to the window, the closing does not."""
        if now < self.opens_at:
            return "before"
        if now >= self.closes_at:
            return "closed"
        return "late" if now > self.due_at else "open"


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a moment as a browser's ``datetime-local`` field sends it, read in the hub's time zone.

    Raises
    ------
    UsageError
        ``bad-moment``.
    """
    found = _LOCAL.fullmatch(text.strip())
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise UsageError("bad-moment", f"{text[:40]!a} is not a date with a time")
    return moment.replace(tzinfo=zone).astimezone(UTC)


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """Return what a ``datetime-local`` field shows."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def check(terms: Terms, library: Library) -> Terms:
    """Return terms that make sense, with the version of the pack that their task is of.

    Raises
    ------
    UsageError
        ``bad-window``, ``bad-range``, ``bad-choice``, ``no-variants``, ``unknown-pack`` or ``unknown-task``.
    """
    task = library.task(terms.pack_id, terms.task_id, version=terms.pack_version)
    if not terms.opens_at < terms.due_at <= terms.closes_at:
        raise UsageError("bad-window", "an assignment opens before it is due, and closes then or later")
    for value, low, high in (
        (terms.late_percent_per_day, 0, 100),
        (terms.max_attempts, 0, 1000),
        (terms.points, 1, 1000),
    ):
        if not low <= value <= high:
            raise UsageError("bad-range", f"{value} is not from {low} to {high}")
    if terms.mode not in MODES or terms.ai_use not in (None, *AI_USES):
        raise UsageError("bad-choice", "the mode or the use of AI is none of those offered")
    if terms.variants and task.variant_count == 0:
        raise UsageError("no-variants", f"task '{task.id}' has no variants")
    return dataclasses.replace(terms, pack_version=task.pack_version)


def make(session: Session, library: Library, person: Person, class_id: int, terms: Terms) -> Assignment:
    """Make an assignment of a class that this person teaches.

    Raises
    ------
    UsageError
        ``not-found``, or as :func:`check`.
    """
    taught(session, person, class_id)
    terms = check(terms, library)
    row = Assignment(class_id=class_id, seed=secrets.token_hex(32), created_at=clock.now())
    _set(row, terms)
    session.add(row)
    session.flush()
    accounts.audit(session, person, "assignment-made", f"assignment {row.id}", class_id=class_id)
    return row


def change(session: Session, library: Library, person: Person, number: int, terms: Terms) -> Assignment:
    """Change an assignment. Points are computed by the new terms for what was handed in before, too.

    Raises
    ------
    UsageError
        ``not-found``; ``assignment-has-work``: the task, the mode and the variants stay once somebody handed in; or as
        :func:`check`.
    """
    row = taught_assignment(session, person, number, lock=True)
    what = (terms.pack_id, terms.task_id, terms.mode, terms.variants)
    has_work = submissions(session, row.id) > 0
    if has_work and what != (row.pack_id, row.task_id, row.mode, row.variants):
        message = "somebody handed in already; task, mode and variants stay as they are"
        raise UsageError("assignment-has-work", message)
    # Without work it may as well be the task as it is now; with it, its version stays, even where that is gone.
    terms = check(dataclasses.replace(terms, pack_version=row.pack_version if has_work else ""), library)
    _set(row, dataclasses.replace(terms, pack_version=row.pack_version) if has_work else terms)
    accounts.audit(session, person, "assignment-changed", f"assignment {row.id}")
    return row


def remove(session: Session, person: Person, number: int) -> int:
    """Delete an assignment for which nobody handed in anything, and return its class.

    Raises
    ------
    UsageError
        ``not-found`` or ``assignment-has-work``.
    """
    row = taught_assignment(session, person, number, lock=True)
    if submissions(session, row.id):
        raise UsageError("assignment-has-work", "somebody handed in already; close the assignment instead")
    for table in (Extension, Override, ClusterComment):
        session.execute(delete(table).where(table.assignment_id == row.id))
    session.delete(row)
    accounts.audit(session, person, "assignment-deleted", f"assignment {number}", class_id=row.class_id)
    return row.class_id


def extend(
    session: Session, person: Person, row: Assignment, user_id: int, due: datetime, closes: datetime, reason: str
) -> None:
    """Give one learner more time, instead of what they were given before.

    Raises
    ------
    UsageError
        ``bad-extension``: it would be less time; ``bad-reason``.
    """
    reason = check_reason(reason)
    if due < row.due_at or closes < row.closes_at or due > closes:
        raise UsageError("bad-extension", "an extension is due no earlier than the assignment, and closes no earlier")
    session.merge(Extension(assignment_id=row.id, user_id=user_id, due_at=due, closes_at=closes, reason=reason))
    accounts.audit(session, person, "extension-given", f"assignment {row.id}", user=user_id)


def take_back(session: Session, person: Person, row: Assignment, user_id: int) -> None:
    """Take an extension back."""
    session.execute(delete(Extension).where(Extension.assignment_id == row.id, Extension.user_id == user_id))
    accounts.audit(session, person, "extension-taken-back", f"assignment {row.id}", user=user_id)


def check_reason(text: str) -> str:
    """Return a reason in normal form.

    Raises
    ------
    UsageError
        ``bad-reason``.
    """
    text = " ".join(text.split())
    if not 1 <= len(text) <= 500 or not text.isprintable():
        raise UsageError("bad-reason", "give a reason of 1 to 500 characters")
    return text


def submissions(session: Session, assignment_id: int) -> int:
    """Return how many submissions an assignment has."""
    query = select(func.count()).select_from(Submission).where(Submission.assignment_id == assignment_id)
    return session.scalar(query) or 0


def taught_assignment(session: Session, person: Person, number: int, *, lock: bool = False) -> Assignment:
    """Return an assignment of a class that this person teaches; locked, nobody hands in for it until the end.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    row = session.get(Assignment, row_id(number), with_for_update=lock or None)
    if row is None or not accounts.teaches_class(session, person, row.class_id):
        raise not_found()
    return row


def of_class(session: Session, class_id: int) -> Sequence[Assignment]:
    """Return the assignments of a class, by when they are due."""
    return session.scalars(
        select(Assignment).where(Assignment.class_id == class_id).order_by(Assignment.due_at, Assignment.id)
    ).all()


def extensions(session: Session, assignment_ids: Sequence[int]) -> dict[tuple[int, int], Extension]:
    """Return extensions by (assignment, person)."""
    rows = session.scalars(select(Extension).where(Extension.assignment_id.in_(assignment_ids)))
    return {(row.assignment_id, row.user_id): row for row in rows}


def window(row: Assignment, extension: Extension | None) -> Window:
    """Return when somebody may work; an extension that was overtaken by a later end of the assignment takes nothing."""
    if extension is None:
        return Window(row.opens_at, row.due_at, row.closes_at)
    return Window(row.opens_at, max(row.due_at, extension.due_at), max(row.closes_at, extension.closes_at))


def variant_of(row: Assignment, subject: str, count: int) -> int | None:
    """Return which variant a learner gets: the same each time, and unforeseeable without the assignment's seed."""
    if not row.variants or count == 0:
        return None
    digest = hashlib.sha256(f"{row.seed}\n{row.id}\n{subject}".encode()).digest()
    return 1 + int.from_bytes(digest, "big") % count


def _set(row: Assignment, terms: Terms) -> None:
    for name in Terms.__slots__:
        setattr(row, name, getattr(terms, name))
