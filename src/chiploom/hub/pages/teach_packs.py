"""A lecturer's own packs: uploading one, and what the admission test says about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Annotated

from fastapi import APIRouter, File, Request, UploadFile
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Membership, PackUpload
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock, courses, writing
from chiploom.hub.teaching.courses import not_found, row_id
from chiploom.hub.web.asking import Teacher, TheHub, Words
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/teach/packs")

_MOST_TESTING = 2


@router.get("")
def index(request: Request, hub: TheHub, person: Teacher, words: Words) -> Response:
    """Show the packs there are, and this person's uploads."""
    with hub.database.reading() as session:
        uploads = session.scalars(
            select(PackUpload).where(PackUpload.by_id == person.id).order_by(PackUpload.id.desc()).limit(100)
        ).all()
        newest = {row.pack_id: row.id for row in reversed(shared(session, person))}
    return page(
        request,
        "teach-packs.html",
        words,
        person,
        packs=list(hub.library.packs.values()),
        open_packs=hub.library.open_packs,
        newest=newest,
        uploads=uploads,
    )


@router.post("")
def upload(hub: TheHub, person: Teacher, file: Annotated[UploadFile, File()]) -> Response:
    """Keep an uploaded pack and have it examined."""
    return RedirectResponse(f"/teach/packs/{kept(hub, person, file.file)}", 303)


@router.get("/{number}")
def show(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show how far the admission test is, and what it found."""
    with hub.database.reading() as session:
        row = _own(session, person, number)
    return page(request, "teach-pack.html", words, person, row=row)


@router.get("/{number}/state")
def state(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Return the changing part alone."""
    with hub.database.reading() as session:
        row = _own(session, person, number)
    return page(request, "_teach-pack.html", words, person, row=row)


@router.get("/{number}/pack.zip")
def download(hub: TheHub, person: Teacher, number: int) -> Response:
    """Hand out a pack as an archive that can be uploaded elsewhere."""
    with hub.database.reading() as session:
        row = readable(session, person, number)
    data = writing.archive_of(writing.files_in(hub.admissions.folder(row.directory)))
    name = f"{row.pack_id}-{row.version}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data.getvalue(), media_type="application/zip", headers=headers)


@router.post("/{number}/delete")
def delete(hub: TheHub, person: Teacher, number: int) -> Response:
    """Remove an upload that was not admitted."""
    with hub.database.writing() as session:
        row = _own(session, person, number)
        if row.state == "admitted":
            raise UsageError("pack-in-use", "an admitted pack stays; assignments may hold its tasks")
        directory = row.directory
        session.delete(row)
        accounts.audit(session, person, "pack-removed", f"pack {row.pack_id}", upload=number)
    hub.admissions.forget(directory)
    return RedirectResponse("/teach/packs", 303)


def kept(hub: Hub, person: Person, archive: IO[bytes]) -> int:
    """Keep the archive of a pack, have it examined and return the number of the upload.

    Raises
    ------
    UsageError
        ``too-many-packs``; ``duplicate-pack``: it is another institution's; or as
        :meth:`chiploom.hub.teaching.admitting.Admissions.unpack`.
    """
    with hub.database.reading() as session:
        _require_room(session, person)
    directory, pack = hub.admissions.unpack(archive)
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
    return row.id


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


def _own(session: Session, person: Person, number: int) -> PackUpload:
    row = session.get(PackUpload, row_id(number))
    if row is None or row.by_id != person.id:
        raise not_found()
    return row


def _require_room(session: Session, person: Person) -> None:
    testing = select(func.count()).where(PackUpload.by_id == person.id, PackUpload.state == "testing")
    if (session.scalar(testing) or 0) >= _MOST_TESTING:
        raise UsageError("too-many-packs", f"{_MOST_TESTING} of your packs are being examined; wait for them")
