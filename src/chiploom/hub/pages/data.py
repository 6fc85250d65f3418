"""What a person may ask of their own data: take it along, take consent back, be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import select, update
from starlette.responses import RedirectResponse, Response, StreamingResponse

from chiploom.hub.database.schema import Consent, CredentialRecord
from chiploom.hub.hub import Hub
from chiploom.hub.operation import privacy, retention
from chiploom.hub.people import accounts, confirming
from chiploom.hub.web.asking import SESSION_COOKIE, NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/account/data")

_CHUNK = 1 << 16


@router.get("")
def show(request: Request, hub: TheHub, person: SignedIn, words: Words) -> Response:
    """Say what is held, and offer what can be done with it."""
    with hub.database.reading() as session:
        consents = session.scalars(select(Consent).where(Consent.user_id == person.id).order_by(Consent.id)).all()
        files = retention.chosen(session).erasure_files
    return page(request, "account-data.html", words, person, consents=consents, files=files)


@router.post("/export", dependencies=[limited("export")])
def export(hub: TheHub, person: SignedIn) -> Response:
    """Hand out everything, as one archive."""
    with hub.database.writing() as session:
        accounts.audit(session, person, "data-exported", f"user {person.id}")
    return archive_of(hub, person.id)


@router.post("/consents/{number}/withdraw")
def withdraw(hub: TheHub, person: SignedIn, number: int) -> Response:
    """Take back a consent; pages that are open because of it are closed."""
    with hub.database.writing() as session:
        row = session.get(Consent, number) if 0 < number < 1 << 31 else None
        if row is None or row.user_id != person.id:
            raise NotFoundError
        if row.withdrawn_at is None:
            row.withdrawn_at = datetime.now(UTC)
            if row.purpose == "public-credential":
                session.execute(
                    update(CredentialRecord).where(CredentialRecord.user_id == person.id).values(is_public=False)
                )
            accounts.audit(session, person, "consent-withdrawn", f"consent {number}", purpose=row.purpose)
    return RedirectResponse("/account/data", 303)


@router.post("/erase")
def erase(hub: TheHub, person: SignedIn, password: Annotated[str, Form(max_length=500)]) -> Response:
    """Forget who this account belongs to."""
    confirming.confirm(hub, person, password)
    privacy.erase(hub, person, person.id)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def archive_of(hub: Hub, user_id: int) -> Response:
    """Return the answer that hands out everything about a person."""
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
