"""Evidence and credentials."""

from __future__ import annotations

import json

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from chiploom.grading.evidence import Evidence
from chiploom.hub import portfolio
from chiploom.hub.api.answers import CredentialShown, EvidenceListed, EvidenceShown, Listed
from chiploom.hub.api.asking import After, Identifier, Most, Reader, Submitter
from chiploom.hub.database.schema import CredentialRecord, EvidenceRecord
from chiploom.hub.web.asking import TheHub

router = APIRouter(tags=["portfolio"])


class CredentialWanted(BaseModel):
    """For which skill, and whether the person's name shall be inside."""

    skill: str = Field(max_length=100)
    with_name: bool = False


class Publication(BaseModel):
    """Whether everybody may see the page of a credential."""

    is_public: bool


@router.get("/evidence")
def list_evidence(hub: TheHub, person: Reader, after: After = 0, limit: Most = 50) -> Listed[EvidenceListed]:
    """This person's evidence, in the order of the submissions it is about."""
    with hub.database.reading() as session:
        rows = session.scalars(
            select(EvidenceRecord)
            .where(EvidenceRecord.user_id == person.id, EvidenceRecord.submission_id > after)
            .order_by(EvidenceRecord.submission_id)
            .limit(limit + 1)
        ).all()
    return Listed(
        items=[
            EvidenceListed(
                id=row.id,
                submission=row.submission_id,
                issued_at=row.issued_at,
                skills=list(Evidence(json.loads(row.document)).skills),
            )
            for row in rows[:limit]
        ],
        next=rows[limit - 1].submission_id if len(rows) > limit else None,
    )


@router.get("/evidence/{identifier}")
def show_evidence(hub: TheHub, person: Reader, identifier: Identifier) -> EvidenceShown:
    """A piece of evidence with its opening."""
    row = portfolio.own_evidence(hub, person, identifier)
    opening = json.loads(row.opening) if row.opening else None
    return EvidenceShown(id=row.id, document=json.loads(row.document), opening=opening)


@router.get("/credentials")
def list_credentials(hub: TheHub, person: Reader) -> list[CredentialShown]:
    """This person's credentials, the oldest first."""
    with hub.database.reading() as session:
        rows = session.scalars(
            select(CredentialRecord)
            .where(CredentialRecord.user_id == person.id)
            .order_by(CredentialRecord.issued_at, CredentialRecord.id)
        ).all()
    return [_shown(row) for row in rows]


@router.post("/credentials", status_code=201)
def issue(hub: TheHub, person: Submitter, wanted: CredentialWanted) -> CredentialShown:
    """Issue a credential over all the evidence for a skill."""
    identifier = portfolio.issue(hub, person, wanted.skill, with_name=wanted.with_name)
    return _shown(portfolio.readable(hub, person, identifier))


@router.get("/credentials/{identifier}")
def show_credential(hub: TheHub, person: Reader, identifier: Identifier) -> CredentialShown:
    """A credential: this person's, or one that is open to everybody."""
    return _shown(portfolio.readable(hub, person, identifier))


@router.put("/credentials/{identifier}/publication")
def publish(hub: TheHub, person: Submitter, identifier: Identifier, sent: Publication) -> CredentialShown:
    """Open or close its page to everybody."""
    portfolio.publish(hub, person, identifier, is_public=sent.is_public)
    return _shown(portfolio.readable(hub, person, identifier))


def _shown(row: CredentialRecord) -> CredentialShown:
    return CredentialShown(id=row.id, skill=row.skill, issued_at=row.issued_at, is_public=row.is_public, jwt=row.text)
