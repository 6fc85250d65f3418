"""What learners do: handing in, drafts, hints, minutes of practice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hdl.sources import Source
from chiploom.hub.database.database import insert_unless_there, is_storable
from chiploom.hub.database.schema import Draft, HintUse, PracticeDay, Submission
from chiploom.hub.dispatch.fair_queue import Ticket
from chiploom.hub.hub import Hub
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.asking import NotFoundError
from chiploom.tasks.model import Task

MOST_WAITING = 4
MOST_FILES = 16
LONGEST_TEXT = 200_000
MOST_KEPT = 5
_MOST_SHOWN = 50
#: A minute counts when something was done in it; a pause longer than this is not practice.
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Place:
    """The task somebody works on: for themselves, or as an assignment."""

    pack_id: str
    task_id: str
    variant: int | None = None
    assignment_id: int | None = None
    is_exam: bool = False


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What somebody last had in the editor, and the number of times it was saved."""

    files: list[Any]
    revision: int


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft that made room for another one."""

    number: int
    kept_at: datetime
    files: list[Any]


def hand_in(
    hub: Hub,
    person: Person,
    place: Place,
    task: Task,
    sources: Sequence[Source],
    admit: Callable[[Session], datetime] | None = None,
) -> int:
    """Accept a submission, queue it and return its number.

    Parameters
    ----------
    admit : callable, optional
        Called in the transaction that writes the row; raises what speaks against it, or returns the moment of it.

    Raises
    ------
    UsageError
        ``too-many-waiting``: this person's earlier ones are not graded yet; or what :func:`check_files` raises.
    """
    check_files(sources)
    if hub.dispatcher.waiting_of(person.id) >= MOST_WAITING:
        raise UsageError("too-many-waiting", f"{MOST_WAITING} of your submissions still wait; check again after them")
    row = {
        "user_id": person.id,
        "pack_id": place.pack_id,
        "pack_version": task.pack_version,
        "task_id": place.task_id,
        "variant": place.variant,
        "assignment_id": place.assignment_id,
        "is_exam": place.is_exam,
        "files": [[source.name, source.text] for source in sources],
        "state": "queued",
    }

    def write(session: Session) -> int:
        moment = datetime.now(UTC) if admit is None else admit(session)
        number: int = session.connection().execute(_HAND_IN, {**row, "created_at": moment}).scalar_one()
        note_practice(session, person, place, hub.settings.time_zone)
        return number

    number = hub.together.write(write)
    # Only now: the row is the truth, and it is there.
    hub.dispatcher.enqueue(Ticket(number, person.id, place.is_exam))
    return number


def check_files(sources: Sequence[Source]) -> None:
    """Refuse what no browser of ours sends.

    Raises
    ------
    UsageError
        ``bad-files``.
    """
    if not 1 <= len(sources) <= MOST_FILES or sum(len(source.text) for source in sources) > LONGEST_TEXT:
        raise UsageError(
            "bad-files", f"hand in 1 to {MOST_FILES} files with {LONGEST_TEXT} characters or less together"
        )
    if not all(is_storable(source.name) and is_storable(source.text) for source in sources):
        raise UsageError("bad-text", "a file holds a NUL character or half a character, which is not stored")
    names = [source.name for source in sources]
    if len(set(names)) < len(names) or not all(_is_plain(name) for name in names):
        raise UsageError("bad-files", "every file needs a name of its own, without folders")


def save_draft(
    session: Session, person: Person, place: Place, sources: Sequence[Source], revision: int, time_zone: str
) -> int:
    """Keep what is in the editor and return its new revision.

    Raises
    ------
    UsageError
        ``draft-newer``: another window saved since revision ``revision`` was loaded; ``bad-files``.
    """
    check_files(sources)
    files = [[source.name, source.text] for source in sources]
    now, key = datetime.now(UTC), _key_of(person, place)
    note_practice(session, person, place, time_zone)
    values = {"files": files, "updated_at": now}
    following: int | None = (
        session.connection().execute(_SAVE, {**values, **_bound(key), "known": revision}).scalar_one_or_none()
    )
    if following is not None:
        return following
    if insert_unless_there(session, Draft, {**key, **values, "revision": 1, "kept": []}):
        return 1
    # The row is held until the end of this transaction: of two windows that save at once one comes second.
    draft = session.get_one(Draft, key, with_for_update=True, populate_existing=True)
    if draft.files != files:
        raise UsageError("draft-newer", "another window saved a newer draft of this; load the page again to see it")
    draft.revision, draft.updated_at = draft.revision + 1, now
    return draft.revision


def draft_of(session: Session, person: Person, place: Place) -> SavedDraft | None:
    """Return what a person last had in the editor."""
    row = session.connection().execute(_DRAFT, _bound(_key_of(person, place))).one_or_none()
    return None if row is None else SavedDraft(row.files, row.revision)


def replace_draft(session: Session, person: Person, place: Place, files: list[Any]) -> None:
    """Put other files into the editor; what was there is kept, the :data:`MOST_KEPT` newest of it."""
    key, now = _key_of(person, place), datetime.now(UTC)
    if insert_unless_there(session, Draft, {**key, "files": files, "updated_at": now, "revision": 1, "kept": []}):
        return
    draft = session.get_one(Draft, key, with_for_update=True)
    if draft.files == files:
        return
    kept = [{"number": draft.revision, "at": now.isoformat(), "files": draft.files}, *draft.kept]
    # Another window that still shows the old draft is told, since the revision is another.
    draft.kept, draft.files, draft.revision, draft.updated_at = kept[:MOST_KEPT], files, draft.revision + 1, now


def kept_drafts(session: Session, person: Person, place: Place) -> list[KeptDraft]:
    """Return the drafts of a place that made room for others, the newest first."""
    kept = session.connection().execute(_KEPT, _bound(_key_of(person, place))).scalar()
    return [KeptDraft(each["number"], datetime.fromisoformat(each["at"]), each["files"]) for each in kept or ()]


def history(session: Session, person_id: int, place: Place) -> Sequence[Any]:
    """Return what a person handed in at a place, the newest first, without the files."""
    return session.connection().execute(_history(*_place_kind(place)), _place_values(person_id, place)).all()


def submission_of(session: Session, person_id: int, place: Place, number: int) -> Submission:
    """Return one of the submissions of a person at a place.

    Raises
    ------
    NotFoundError
        It is somebody else's, or of another place.
    """
    query = select(Submission).where(Submission.id == number, _handed_in_at(*_place_kind(place)))
    row = session.scalar(query, _place_values(person_id, place)) if 0 < number < 1 << 31 else None
    if row is None:
        raise NotFoundError
    return row


def hints_used(session: Session, person_id: int, place: Place) -> frozenset[int]:
    """Return the numbers of the hints that a person opened."""
    key = {"user_id": person_id, "pack_id": place.pack_id, "task_id": place.task_id}
    return frozenset(session.connection().execute(_HINTS, _bound(key)).scalars())


def use_hint(session: Session, person: Person, place: Place, task: Task, number: int) -> None:
    """Write down that a person opened a hint; they come in order.

    Raises
    ------
    UsageError
        ``unknown-hint``.
    """
    used = hints_used(session, person.id, place)
    if not 1 <= number <= len(task.hints) or number > len(used) + 1:
        raise UsageError("unknown-hint", f"task '{task.id}' has no hint {number}, or the ones before were not opened")
    key = {"user_id": person.id, "pack_id": place.pack_id, "task_id": place.task_id, "number": number}
    insert_unless_there(session, HintUse, {**key, "at": datetime.now(UTC)})


def note_practice(session: Session, person: Person, place: Place, time_zone: str) -> None:
    """Count the time since something was last done on this task, if it was not long ago."""
    now = datetime.now(UTC)
    key = {
        "user_id": person.id,
        "pack_id": place.pack_id,
        "task_id": place.task_id,
        "day": now.astimezone(ZoneInfo(time_zone)).date().isoformat(),
    }
    connection = session.connection()
    day = connection.execute(_PRACTICE, _bound(key)).one_or_none()
    if day is None:
        # If another request made the day meanwhile, this one is within its first minute.
        insert_unless_there(session, PracticeDay, {**key, "minutes": 1, "last_at": now})
        return
    passed = now - day.last_at
    if passed >= timedelta(minutes=1):
        more = int(passed / timedelta(minutes=1)) if passed <= _PAUSE else 1
        connection.execute(_PRACTISED, {**_bound(key), "more": more, "now": now})


def attempts(session: Session, person_id: int, assignment_id: int) -> int:
    """Return a person's attempts at an assignment; a check that ended without an answer is none."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Submission)
            .where(
                Submission.assignment_id == assignment_id,
                Submission.user_id == person_id,
                func.coalesce(Submission.outcome, "") != "undecided",
            )
        )
        or 0
    )


def _key_of(person: Person, place: Place) -> dict[str, int | str]:
    return {
        "user_id": person.id,
        "pack_id": place.pack_id,
        "task_id": place.task_id,
        "variant": place.variant or 0,
        "assignment_id": place.assignment_id or 0,
    }


@functools.cache
def _handed_in_at(of_assignment: bool, of_variant: bool) -> ColumnElement[bool]:
    """Select what was handed in at a place; practice shows what was handed in for assignments, too."""
    columns = _submission.c
    if of_assignment:
        return and_(columns.user_id == bindparam("person"), columns.assignment_id == bindparam("assignment"))
    return and_(
        columns.user_id == bindparam("person"),
        columns.pack_id == bindparam("pack"),
        columns.task_id == bindparam("task"),
        columns.variant == bindparam("variant") if of_variant else columns.variant.is_(None),
    )


@functools.cache
def _history(of_assignment: bool, of_variant: bool) -> Select[Any]:
    columns = _submission.c
    return (
        select(columns.id, columns.created_at, columns.state, columns.outcome)
        .where(_handed_in_at(of_assignment, of_variant))
        .order_by(columns.id.desc())
        .limit(_MOST_SHOWN)
    )


def _place_kind(place: Place) -> tuple[bool, bool]:
    return place.assignment_id is not None, place.variant is not None


def _place_values(person_id: int, place: Place) -> dict[str, int | str | None]:
    return {
        "person": person_id,
        "assignment": place.assignment_id,
        "pack": place.pack_id,
        "task": place.task_id,
        "variant": place.variant,
    }


def _bound(key: Mapping[str, object]) -> dict[str, object]:
    return {f"key_{name}": value for name, value in key.items()}


def _by_key(table: Table) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


# What every keystroke and every page asks is made once, of tables rather than of the classes above them.
_submission, _draft, _hint_use, _practice_day = (
    cast(Table, kind.__table__) for kind in (Submission, Draft, HintUse, PracticeDay)
)
_HAND_IN = insert(_submission).returning(_submission.c.id)
_DRAFT = select(_draft.c.files, _draft.c.revision).where(_by_key(_draft))
_KEPT = select(_draft.c.kept).where(_by_key(_draft))
_SAVE = (
    update(_draft)
    .where(_by_key(_draft), _draft.c.revision == bindparam("known"))
    .values(files=bindparam("files"), updated_at=bindparam("updated_at"), revision=_draft.c.revision + 1)
    .returning(_draft.c.revision)
)
_HINTS = select(_hint_use.c.number).where(
    *(_hint_use.c[name] == bindparam(f"key_{name}") for name in ("user_id", "pack_id", "task_id"))
)
_PRACTICE = select(_practice_day.c.last_at).where(_by_key(_practice_day)).with_for_update()
_PRACTISED = (
    update(_practice_day)
    .where(_by_key(_practice_day))
    .values(minutes=_practice_day.c.minutes + bindparam("more"), last_at=bindparam("now"))
)


def _is_plain(name: str) -> bool:
    return 0 < len(name) <= 100 and name.isprintable() and "/" not in name and "\\" not in name and name[0] != "."
