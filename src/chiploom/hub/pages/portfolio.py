"""What a learner takes along: evidence, credentials, and a public page for each."""

from __future__ import annotations

import functools
import json
import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from chiploom.credentials import badge
from chiploom.errors import EvidenceError
from chiploom.grading import evidence
from chiploom.hub import portfolio
from chiploom.hub.database.schema import CredentialRecord, EvidenceRecord, Submission
from chiploom.hub.web import skill_map
from chiploom.hub.web.asking import Asker, SignedIn, TheHub, Words
from chiploom.hub.web.rendering import page

_log = logging.getLogger(__name__)

router = APIRouter()


@router.get("/portfolio")
def show(request: Request, hub: TheHub, person: SignedIn, words: Words) -> Response:
    """List evidence and credentials."""
    with hub.database.reading() as session:
        rows = session.execute(
            select(EvidenceRecord, Submission.pack_id, Submission.task_id, Submission.pack_version)
            .join(Submission, Submission.id == EvidenceRecord.submission_id)
            .where(EvidenceRecord.user_id == person.id)
            .order_by(EvidenceRecord.issued_at.desc())
        ).all()
        credentials = session.scalars(
            select(CredentialRecord)
            .where(CredentialRecord.user_id == person.id)
            .order_by(CredentialRecord.issued_at.desc())
        ).all()
    pieces = [
        (row, evidence.Evidence(json.loads(row.document)), hub.library.title(pack_id, task_id, version))
        for row, pack_id, task_id, version in rows
    ]
    skills: dict[str, int] = {}
    for _, piece, _ in pieces:
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
        skill_name=functools.partial(skill_map.name_of, hub.library, language=words.language),
    )


@router.get("/evidence/{identifier}.opening.json")
def download_opening(hub: TheHub, person: SignedIn, identifier: str) -> Response:
    """Hand out the opening of its commitments, which is private."""
    row = portfolio.own_evidence(hub, person, identifier)
    return _download(row.opening, f"evidence-{_short(row.id)}.opening.json")


@router.get("/evidence/{identifier}.json")
def download_evidence(hub: TheHub, person: SignedIn, identifier: str) -> Response:
    """Hand out a piece of evidence to its owner."""
    row = portfolio.own_evidence(hub, person, identifier)
    return _download(evidence.to_text(evidence.read(row.document.encode())), f"evidence-{_short(row.id)}.json")


@router.post("/portfolio/credentials")
def issue(
    hub: TheHub,
    person: SignedIn,
    skill: Annotated[str, Form(max_length=100)],
    with_name: Annotated[bool, Form()] = False,
) -> Response:
    """Issue a credential for a skill over all the evidence for it; with the name inside only if that is asked for."""
    portfolio.issue(hub, person, skill, with_name=with_name)
    return RedirectResponse("/portfolio", 303)


@router.post("/portfolio/credentials/{identifier}/publish")
def publish(hub: TheHub, person: SignedIn, identifier: str, public: Annotated[bool, Form()] = False) -> Response:
    """Open or close a credential's page to everybody."""
    portfolio.publish(hub, person, identifier, is_public=public)
    return RedirectResponse("/portfolio", 303)


@router.get("/credentials/{identifier}.jwt")
def download_credential(hub: TheHub, asker: Asker, identifier: str) -> Response:
    """Hand out a credential as the file that badge software reads."""
    row = portfolio.readable(hub, asker, identifier)
    return _download(row.text, f"credential-{_short(row.id)}.jwt", "application/vc+jwt")


@router.get("/credentials/{identifier}")
def public_page(request: Request, hub: TheHub, asker: Asker, words: Words, identifier: str) -> Response:
    """Show a credential, which the browser verifies by itself; one that is damaged is said to be."""
    row = portfolio.readable(hub, asker, identifier)
    try:
        credential = badge.verify(row.text)
    except EvidenceError as error:
        _log.warning("credential %s does not verify: %s", row.id, error.message)
        credential = None
    return page(
        request,
        "credential.html",
        words,
        asker,
        row=row,
        credential=credential,
        issuer=hub.key.did,
        skill_name=functools.partial(skill_map.name_of, hub.library, language=words.language),
    )


def _download(text: str, name: str, kind: str = "application/json") -> Response:
    return Response(text, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _short(identifier: str) -> str:
    return identifier.rpartition(":")[2][:8]
