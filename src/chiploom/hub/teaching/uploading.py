"""A lecturer's own packs: handing one in to be examined, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Membership, PackUpload
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock, courses
from chiploom.hub.teaching.courses import not_found, row_id

_MOST_TESTING = 2


def of(session: Session, person: Person, *, before: int | None = None, limit: int = 100) -> Sequence[PackUpload]:
    """Return a person's uploads, the newest first."""
    query = select(PackUpload).where(PackUpload.by_id == person.id).order_by(PackUpload.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(PackUpload.id < before)).all()


def own(session: Session, person: Person, number: int) -> PackUpload:
    """Return an upload of this person's.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    row = session.get(PackUpload, row_id(number))
    if row is None or row.by_id != person.id:
        raise not_found()
    return row


def shared(session: Session, person: Person, pack_id: str | None = None) -> Sequence[PackUpload]:
    """Return the admitted packs of those who teach where this person teaches, the newest first."""
    where = [row.id for row in courses.institutions(session, person, "lecturer", "operator")]
    colleagues = select(Membership.user_id).where(
        Membership.institution_id.in_(where), Membership.role.in_(("lecturer", "operator"))
    )
    query = select(PackUpload).where(PackUpload.state == "admitted", PackUpload.by_id.in_(colleagues))
    if pack_id is not None:
        query = query.where(PackUpload.pack_id == pack_id)
    return session.scalars(query.order_by(PackUpload.id.desc())).all()


def readable(session: Session, person: Person, number: int) -> PackUpload:
    """Return an upload of this person's, or an admitted one of their institution.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    row = session.get(PackUpload, row_id(number))
    if row is None or (row.by_id != person.id and row.id not in {each.id for each in shared(session, person)}):
        raise not_found()
    return row


def upload(hub: Hub, person: Person, file: IO[bytes]) -> PackUpload:
    """Keep an uploaded pack and have it examined.

    Raises
    ------
    UsageError
        ``too-many-packs``; ``duplicate-pack``: it is another institution's; or what
        :meth:`chiploom.hub.teaching.admitting.Admissions.unpack` raises.
    """
    with hub.database.reading() as session:
        _require_room(session, person)
    directory, pack = hub.admissions.unpack(file)
    try:
        with hub.database.writing() as session:
            _require_room(session, person)
            if pack.id in hub.library.packs and not shared(session, person, pack.id):
                raise UsageError("duplicate-pack", f"a pack of others is called {pack.id!r}; give this one another id")
            row = PackUpload(
                pack_id=pack.id,
                version=pack.version,
                directory=directory,
                task_count=len(pack.task_ids),
                by_id=person.id,
                uploaded_at=clock.now(),
                state="testing",
                reports=[],
            )
            session.add(row)
            session.flush()
            accounts.audit(session, person, "pack-uploaded", f"pack {pack.id}", upload=row.id)
    except BaseException:
        hub.admissions.forget(directory)
        raise
    hub.admissions.wake()
    return row


def remove(hub: Hub, person: Person, number: int) -> None:
    """Remove an upload that was not admitted.

    Raises
    ------
    UsageError
        ``not-found`` or ``pack-in-use``.
    """
    with hub.database.writing() as session:
        row = own(session, person, number)
        if row.state == "admitted":
            raise UsageError("pack-in-use", "an admitted pack stays; assignments may hold its tasks")
        session.delete(row)
        accounts.audit(session, person, "pack-removed", f"pack {row.pack_id}", upload=number)
    hub.admissions.forget(row.directory)


def _require_room(session: Session, person: Person) -> None:
    testing = select(func.count()).where(PackUpload.by_id == person.id, PackUpload.state == "testing")
    if (session.scalar(testing) or 0) >= _MOST_TESTING:
        raise UsageError("too-many-packs", f"{_MOST_TESTING} of your packs are being examined; wait for them")
