"""What a learner takes along: evidence, and credentials issued over it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from chiploom.credentials import badge
from chiploom.errors import UsageError
from chiploom.grading import evidence
from chiploom.hub.database.schema import Consent, CredentialRecord, EvidenceRecord, Institution, User
from chiploom.hub.hub import Hub
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.asking import NotFoundError


def issue(hub: Hub, person: Person, skill: str, *, with_name: bool) -> str:
    """Issue a credential for a skill over all the evidence for it, and return its identifier.

    Parameters
    ----------
    with_name : bool
        Whether the person's name is inside; that is written down as a consent.

    Raises
    ------
    UsageError
        ``no-evidence``.
    """
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
    return identifier


def publish(hub: Hub, person: Person, identifier: str, *, is_public: bool) -> None:
    """Open or close a credential's page to everybody.

    Raises
    ------
    NotFoundError
        There is none, or it is somebody else's.
    """
    with hub.database.writing() as session:
        row = session.get(CredentialRecord, identifier)
        if row is None or row.user_id != person.id:
            raise NotFoundError
        row.is_public = is_public
        if is_public:
            session.add(Consent(user_id=person.id, purpose="public-credential", given_at=datetime.now(UTC)))
        accounts.audit(session, person, "credential-public" if is_public else "credential-private", identifier)


def own_evidence(hub: Hub, person: Person, identifier: str) -> EvidenceRecord:
    """Return a piece of a person's own evidence.

    Raises
    ------
    NotFoundError
        There is none, or it is somebody else's.
    """
    with hub.database.reading() as session:
        row = session.get(EvidenceRecord, identifier)
        if row is None or row.user_id != person.id:
            raise NotFoundError
        return row


def readable(hub: Hub, asker: Person | None, identifier: str) -> CredentialRecord:
    """Return a credential that is this person's, or open to everybody.

    Raises
    ------
    NotFoundError
        There is none, or it is neither.
    """
    with hub.database.reading() as session:
        row = session.get(CredentialRecord, identifier)
        if row is None or not (row.is_public or (asker is not None and asker.id == row.user_id)):
            raise NotFoundError
        if session.scalar(select(User.erased_at).where(User.id == row.user_id)) is not None:
            raise NotFoundError
        return row
