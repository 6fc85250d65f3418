"""What a person may ask of their own data: take it along, take consent back, be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from chiploom.hub.hub import Hub
from chiploom.hub.operation import governing, privacy, retention
from chiploom.hub.people import accounts, confirming
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.asking import SESSION_COOKIE, SignedIn, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/account/data")

_CHUNK = 1 << 16


@router.get("")
def show(request: Request, hub: TheHub, person: SignedIn, words: Words) -> Response:
    """Say what is held, and offer what can be done with it."""
    with hub.database.reading() as session:
        consents = privacy.consents(session, person.id)
        files = retention.chosen(session).erasure_files
    return page(request, "account-data.html", words, person, consents=consents, files=files)


@router.post("/export", dependencies=[limited("export")])
def export(hub: TheHub, person: SignedIn) -> Response:
    """Hand out everything, as one archive."""
    return archive_of(hub, person, person.id)


@router.post("/consents/{number}/withdraw")
def withdraw(hub: TheHub, person: SignedIn, number: int) -> Response:
    """Take back a consent; pages that are open because of it are closed."""
    with hub.database.writing() as session:
        privacy.withdraw(session, person, number)
    return RedirectResponse("/account/data", 303)


@router.post("/erase")
def erase(hub: TheHub, person: SignedIn, password: Annotated[str, Form(max_length=500)]) -> Response:
    """Forget who this account belongs to."""
    confirming.confirm(hub, person, password)
    privacy.erase(hub, person, person.id)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def archive_of(hub: Hub, asker: Person, user_id: int) -> Response:
    """Return the answer that hands out everything about a person, and write down who asked for it."""
    with hub.database.writing() as session:
        governing.account(session, user_id)
        accounts.audit(session, asker, "data-exported", f"user {user_id}")
    stream = privacy.export(hub, user_id)
    return StreamingResponse(
        _pieces(stream),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="chiploom-account-{user_id}.zip"'},
    )


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_CHUNK):
            yield piece
