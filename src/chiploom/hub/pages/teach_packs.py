"""A lecturer's own packs: uploading one, and what the admission test says about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from chiploom.hub.teaching import uploading, writing
from chiploom.hub.web.asking import Teacher, TheHub, Words
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/teach/packs")


@router.get("")
def index(request: Request, hub: TheHub, person: Teacher, words: Words) -> Response:
    """Show the packs there are, and this person's uploads."""
    with hub.database.reading() as session:
        uploads = uploading.of(session, person)
        newest = {row.pack_id: row.id for row in reversed(uploading.shared(session, person))}
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
    row = uploading.upload(hub, person, file.file)
    return RedirectResponse(f"/teach/packs/{row.id}", 303)


@router.get("/{number}")
def show(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show how far the admission test is, and what it found."""
    with hub.database.reading() as session:
        row = uploading.own(session, person, number)
    return page(request, "teach-pack.html", words, person, row=row)


@router.get("/{number}/state")
def state(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Return the changing part alone."""
    with hub.database.reading() as session:
        row = uploading.own(session, person, number)
    return page(request, "_teach-pack.html", words, person, row=row)


@router.get("/{number}/pack.zip")
def download(hub: TheHub, person: Teacher, number: int) -> Response:
    """Hand out a pack as an archive that can be uploaded elsewhere."""
    with hub.database.reading() as session:
        row = uploading.readable(session, person, number)
    data = writing.archive_of(writing.files_in(hub.admissions.folder(row.directory)))
    name = f"{row.pack_id}-{row.version}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data.getvalue(), media_type="application/zip", headers=headers)


@router.post("/{number}/delete")
def delete(hub: TheHub, person: Teacher, number: int) -> Response:
    """Remove an upload that was not admitted."""
    uploading.remove(hub, person, number)
    return RedirectResponse("/teach/packs", 303)
