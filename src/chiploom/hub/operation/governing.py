"""What operators do to people and institutions; every change is audited, by numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.hub.database.folding import folded
from chiploom.hub.database.schema import (
    AuditEntry,
    Consent,
    CredentialRecord,
    EvidenceRecord,
    HubSetting,
    Institution,
    Membership,
    Submission,
    User,
)
from chiploom.hub.operation import privacy
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import ROLES, Person, Role


class UnknownError(UsageError):
    """There is no such person or institution."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(f"unknown-{what}", f"there is no {what} {number} here")


@dataclass(frozen=True, slots=True)
class Account:
    """A person as operators see them: with a role in each institution."""

    user: User
    roles: tuple[tuple[int, str], ...]


def counts(session: Session) -> dict[str, int]:
    """Return how much there is of what."""
    return {
        "people": session.scalar(select(func.count()).select_from(User).where(User.erased_at.is_(None))) or 0,
        "erased": session.scalar(select(func.count()).select_from(User).where(User.erased_at.is_not(None))) or 0,
        "submissions": session.scalar(select(func.count()).select_from(Submission)) or 0,
        "evidence": session.scalar(select(func.count()).select_from(EvidenceRecord)) or 0,
        "credentials": session.scalar(select(func.count()).select_from(CredentialRecord)) or 0,
    }


def institutions(session: Session) -> Sequence[Institution]:
    """Return all institutions."""
    return session.scalars(select(Institution).order_by(Institution.id)).all()


def make_institution(session: Session, actor: Person, name: str, language: str) -> Institution:
    """Add an institution.

    Raises
    ------
    UsageError
        ``bad-name`` or ``bad-language``.
    """
    row = Institution(name=accounts.check_name(name), language=_language(language), created_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    accounts.audit(session, actor, "institution-made", f"institution {row.id}")
    return row


def change_institution(session: Session, actor: Person, number: int, name: str, language: str) -> Institution:
    """Give an institution another name or language, and return it.

    Raises
    ------
    UsageError
        ``unknown-institution``, ``bad-name`` or ``bad-language``.
    """
    row = _institution(session, number)
    row.name, row.language = accounts.check_name(name), _language(language)
    accounts.audit(session, actor, "institution-changed", f"institution {number}")
    return row


def set_sign_up(session: Session, actor: Person, *, is_open: bool) -> None:
    """Let anybody make an account, or nobody."""
    session.merge(HubSetting(name="sign-up", value="open" if is_open else "closed"))
    accounts.audit(session, actor, "sign-up-opened" if is_open else "sign-up-closed", "hub")


def find_people(session: Session, words: str, *, after: int = 0, limit: int = 50) -> Sequence[User]:
    """Return people whose login or name has each of these words in it, in the order of their numbers.

    Case and accents do not count: ``nguyen`` finds Nguyễn.
    """
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return session.scalars(
        query.where(*(User.folded.contains(word, autoescape=True) for word in folded(words).split()))
    ).all()


def account(session: Session, number: int) -> Account:
    """Return a person.

    Raises
    ------
    UsageError
        ``unknown-person``.
    """
    user = _user(session, number)
    rows = session.execute(
        select(Membership.institution_id, Membership.role)
        .where(Membership.user_id == number)
        .order_by(Membership.institution_id)
    )
    return Account(user, tuple((row.institution_id, row.role) for row in rows))


def make_person(
    session: Session,
    actor: Person,
    *,
    login: str,
    name: str,
    language: str,
    institution_id: int,
    role: str,
    password_hash: str,
) -> User:
    """Make an account whose password must be changed at the first sign-in.

    Raises
    ------
    UsageError
        ``unknown-institution``, ``bad-role``, or what :func:`chiploom.hub.people.accounts.create` raises.
    """
    _institution(session, institution_id)
    user = accounts.create(
        session,
        login=login,
        name=name,
        password_hash=password_hash,
        language=language,
        institution_id=institution_id,
        role=_role(role),
        must_change_password=True,
    )
    accounts.audit(session, actor, "account-made", f"user {user.id}", institution=institution_id, role=role)
    return user


def set_role(session: Session, actor: Person, number: int, institution_id: int, role: str) -> None:
    """Say what a person may do in an institution; an empty role takes them out of it.

    Raises
    ------
    UsageError
        ``unknown-person``, ``unknown-institution``, ``bad-role``, ``last-operator`` or ``already-erased``.
    """
    user = _user(session, number)
    _institution(session, institution_id)
    if user.erased_at is not None:
        raise UsageError("already-erased", f"account {number} is erased")
    row = session.get(Membership, {"user_id": number, "institution_id": institution_id})
    if row is not None and row.role == "operator" and role != "operator":
        others = session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(
                Membership.user_id == number,
                Membership.role == "operator",
                Membership.institution_id != institution_id,
            )
        )
        if not others:
            privacy.keep_from_last_operator(session, number)
    if role:
        session.merge(Membership(user_id=number, institution_id=institution_id, role=_role(role)))
    elif row is not None:
        session.delete(row)
    accounts.audit(session, actor, "role-set", f"user {number}", institution=institution_id, role=role)


def reset_password(session: Session, actor: Person, number: int, password_hash: str) -> None:
    """Give a person a new password, to be changed at once, and end all they are signed in with.

    Raises
    ------
    UsageError
        ``unknown-person`` or ``already-erased``.
    """
    user = _user(session, number)
    if user.erased_at is not None:
        raise UsageError("already-erased", f"account {number} is erased")
    user.password_hash, user.must_change_password = password_hash, True
    accounts.end_all(session, number)
    accounts.audit(session, actor, "password-reset", f"user {number}")


def end_sessions(session: Session, actor: Person, number: int) -> None:
    """Sign a person out everywhere.

    Raises
    ------
    UsageError
        ``unknown-person``.
    """
    _user(session, number)
    accounts.end_all(session, number)
    accounts.audit(session, actor, "sessions-ended", f"user {number}")


def audit_entries(
    session: Session, *, action: str = "", actor: int | None = None, about: str = "", before: int | None, limit: int
) -> Sequence[AuditEntry]:
    """Return who did what to what, the newest first: of one kind, by one person, about one thing, as far as said."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if action:
        query = query.where(AuditEntry.action == action)
    if actor is not None:
        query = query.where(AuditEntry.actor_id == actor)
    if about:
        query = query.where(AuditEntry.object == about)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return session.scalars(query).all()


def consents(session: Session, *, before: int | None, limit: int) -> Sequence[Consent]:
    """Return what anybody agreed to, the newest first."""
    query = select(Consent).order_by(Consent.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Consent.id < before)).all()


def _user(session: Session, number: int) -> User:
    user = session.get(User, number) if 0 < number < 1 << 31 else None
    if user is None:
        raise UnknownError("person", number)
    return user


def _institution(session: Session, number: int) -> Institution:
    row = session.get(Institution, number) if 0 < number < 1 << 31 else None
    if row is None:
        raise UnknownError("institution", number)
    return row


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise UsageError("bad-role", f"{role[:40]!a} is not a role; use {', '.join(ROLES)}")


def _language(language: str) -> str:
    if language not in messages.LANGUAGES:
        raise UsageError("bad-language", f"{language[:20]!a} is not one of {', '.join(messages.LANGUAGES)}")
    return language
