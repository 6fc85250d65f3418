"""What a learner takes along: evidence, credentials, and a public page for each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from chiploom.credentials import badge
from chiploom.errors import UsageError
from chiploom.grading import evidence
from chiploom.hub.database.schema import Consent, CredentialRecord, EvidenceRecord, Institution, User
from chiploom.hub.people import accounts
from chiploom.hub.web.asking import Asker, NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.rendering import page

router = APIRouter()


@router.get("/portfolio")
def show(request: Request, hub: TheHub, person: SignedIn, words: Words) -> Response:
    """List evidence and credentials."""
    with hub.database.reading() as session:
        rows = session.scalars(
            select(EvidenceRecord).where(EvidenceRecord.user_id == person.id).order_by(EvidenceRecord.issued_at.desc())
        ).all()
        credentials = session.scalars(
            select(CredentialRecord)
            .where(CredentialRecord.user_id == person.id)
            .order_by(CredentialRecord.issued_at.desc())
        ).all()
    pieces = [(row, evidence.Evidence(json.loads(row.document))) for row in rows]
    skills: dict[str, int] = {}
    for _, piece in pieces:
        for skill in piece.skills:
            skills[skill] = skills.get(skill, 0) + 1
    return page(
        request,
        "portfolio.html",
        words,
        person,
        pieces=pieces,
        skills=dict(sorted(skills.items())),
        credentials=credentials,
    )


@router.get("/evidence/{identifier}.opening.json")
def download_opening(hub: TheHub, person: SignedIn, identifier: str) -> Response:
    """Hand out the opening of its commitments, which is private."""
    row = _own_evidence(hub, person, identifier)
    return _download(row.opening, f"evidence-{_short(row.id)}.opening.json")


@router.get("/evidence/{identifier}.json")
def download_evidence(hub: TheHub, person: SignedIn, identifier: str) -> Response:
    """Hand out a piece of evidence to its owner."""
    row = _own_evidence(hub, person, identifier)
    return _download(evidence.to_text(evidence.read(row.document.encode())), f"evidence-{_short(row.id)}.json")


@router.post("/portfolio/credentials")
def issue(
    hub: TheHub,
    person: SignedIn,
    skill: Annotated[str, Form(max_length=100)],
    with_name: Annotated[bool, Form()] = False,
) -> Response:
    """Issue a credential for a skill over all the evidence for it; with the name inside only if that is asked for."""
    with hub.database.reading() as session:
        documents = session.scalars(select(EvidenceRecord.document).where(EvidenceRecord.user_id == person.id)).all()
        institution = session.scalars(select(Institution.name).order_by(Institution.id).limit(1)).one()
    pieces = [evidence.read(document.encode()) for document in documents]
    shown = [piece for piece in pieces if any(badge.skill_covers(skill, other) for other in piece.skills)]
    if not shown:
        raise UsageError("no-evidence", f"there is no evidence for {skill[:60]!a} yet")
    now = datetime.now(UTC)
    text = badge.issue(
        shown, hub.key, skill=skill, holder_name=person.name if with_name else "", issuer_name=institution, issued=now
    )
    identifier = badge.verify(text).id
    with hub.database.writing() as session:
        session.add(CredentialRecord(id=identifier, user_id=person.id, skill=skill, issued_at=now, text=text))
        if with_name:
            session.add(Consent(user_id=person.id, purpose="name-in-credential", given_at=now))
        accounts.audit(session, person, "credential-issued", identifier, with_name=int(with_name))
    return RedirectResponse("/portfolio", 303)


@router.post("/portfolio/credentials/{identifier}/publish")
def publish(hub: TheHub, person: SignedIn, identifier: str, public: Annotated[bool, Form()] = False) -> Response:
    """Open or close a credential's page to everybody."""
    with hub.database.writing() as session:
        row = session.get(CredentialRecord, identifier)
        if row is None or row.user_id != person.id:
            raise NotFoundError
        row.is_public = public
        if public:
            session.add(Consent(user_id=person.id, purpose="public-credential", given_at=datetime.now(UTC)))
        accounts.audit(session, person, "credential-public" if public else "credential-private", identifier)
    return RedirectResponse("/portfolio", 303)


@router.get("/credentials/{identifier}.jwt")
def download_credential(hub: TheHub, asker: Asker, identifier: str) -> Response:
    """Hand out a credential as the file that badge software reads."""
    row = _readable(hub, asker, identifier)
    return _download(row.text, f"credential-{_short(row.id)}.jwt", "application/vc+jwt")


@router.get("/credentials/{identifier}")
def public_page(request: Request, hub: TheHub, asker: Asker, words: Words, identifier: str) -> Response:
    """Show a credential, which the browser verifies by itself."""
    row = _readable(hub, asker, identifier)
    return page(
        request,
        "credential.html",
        words,
        asker,
        row=row,
        credential=badge.verify(row.text),
        issuer=hub.key.did,
    )


def _own_evidence(hub: TheHub, person: SignedIn, identifier: str) -> EvidenceRecord:
    with hub.database.reading() as session:
        row = session.get(EvidenceRecord, identifier)
        if row is None or row.user_id != person.id:
            raise NotFoundError
        return row


def _readable(hub: TheHub, asker: Asker, identifier: str) -> CredentialRecord:
    with hub.database.reading() as session:
        row = session.get(CredentialRecord, identifier)
        if row is None or not (row.is_public or (asker is not None and asker.id == row.user_id)):
            raise NotFoundError
        if session.scalar(select(User.erased_at).where(User.id == row.user_id)) is not None:
            raise NotFoundError
        return row


def _download(text: str, name: str, kind: str = "application/json") -> Response:
    return Response(text, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _short(identifier: str) -> str:
    return identifier.rpartition(":")[2][:8]
