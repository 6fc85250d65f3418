"""A person's right to take along all that the hub holds about them, and to be forgotten by name.

Names are in the account and, where somebody chose so, in their own credentials. Erasure removes both, with the login,
the password, drafts, sign-ins and tokens. The row of the account stays, with its random subject, so that counts and
signed evidence still hold; nobody can tell any more whose they are.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, Any, cast

from sqlalchemy import ColumnElement, delete, inspect, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import (
    ApiToken,
    AuditEntry,
    Base,
    ClusterComment,
    Consent,
    Course,
    CredentialRecord,
    Draft,
    Enrolment,
    EvidenceRecord,
    Extension,
    HintUse,
    Institution,
    Membership,
    Override,
    PackUpload,
    PracticeDay,
    SignIn,
    Submission,
    User,
)
from chiploom.hub.dispatch import verdicts
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.hub.hub import Hub
from chiploom.hub.operation import retention
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.asking import NotFoundError
from chiploom.prove.verdict import Verdict

_IN_MEMORY_BYTES = 1 << 20
_ROWS_TOGETHER = 200
#: What only the hub needs, and what would let somebody sign in with a stolen export.
_SECRETS = frozenset({"password_hash", "token_hash", "csrf"})


def export(hub: Hub, user_id: int) -> IO[bytes]:
    """Return a zip archive with everything the hub holds about a person, open at its beginning."""
    stream = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - handed on
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, hub.database.reading() as session:
        user = session.get_one(User, user_id)
        archive.writestr("account.json", _json({**_values(user), "memberships": _memberships(session, user_id)}))
        for name, (kind, condition) in _rows_about(user_id).items():
            rows = session.scalars(select(kind).where(condition).order_by(*inspect(kind).primary_key))
            _write_rows(archive, f"{name}.jsonl", rows.yield_per(_ROWS_TOGETHER))
        _write_submissions(archive, session, hub.traces, user_id)
        for row in session.scalars(select(EvidenceRecord).where(EvidenceRecord.user_id == user_id)):
            short = row.id.rpartition(":")[2]
            archive.writestr(f"evidence/{short}.json", row.document)
            if row.opening:
                archive.writestr(f"evidence/{short}.opening.json", row.opening)
        for credential in session.scalars(select(CredentialRecord).where(CredentialRecord.user_id == user_id)):
            archive.writestr(f"credentials/{credential.id.rpartition(':')[2]}.jwt", credential.text)
    stream.seek(0)
    return stream


def erase(hub: Hub, actor: Person, user_id: int) -> None:
    """Forget who an account belongs to.

    Raises
    ------
    UsageError
        ``last-operator``: nobody could run the hub any more; ``already-erased``.
    """
    with hub.database.writing() as session:
        user = session.get_one(User, user_id)
        if user.erased_at is not None:
            raise UsageError("already-erased", f"account {user_id} is erased already")
        keep_from_last_operator(session, user_id)
        user.login, user.name, user.password_hash = None, "", ""
        user.must_change_password, user.erased_at = False, datetime.now(UTC)
        for kind in (SignIn, ApiToken, Draft, CredentialRecord):
            session.execute(delete(kind).where(kind.user_id == user_id))
        session.execute(delete(Membership).where(Membership.user_id == user_id, Membership.role == "operator"))
        # A lecturer's words about this person may name them.
        for told in (Extension, Override):
            session.execute(update(told).where(told.user_id == user_id).values(reason=""))
        session.execute(
            update(Consent)
            .where(Consent.user_id == user_id, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=user.erased_at)
        )
        is_deleting = retention.chosen(session).erasure_files == "delete"
        orphans = _forget_files(session, user_id) if is_deleting else []
        accounts.audit(session, actor, "account-erased", f"user {user_id}", files_deleted=int(is_deleting))
    for digest in orphans:
        hub.traces.path_of(digest).unlink(missing_ok=True)


def consents(session: Session, user_id: int) -> Sequence[Consent]:
    """Return what a person agreed to, the oldest first."""
    return session.scalars(select(Consent).where(Consent.user_id == user_id).order_by(Consent.id)).all()


def withdraw(session: Session, person: Person, number: int) -> Consent:
    """Take back a consent of one's own; pages that are open because of it are closed.

    Raises
    ------
    NotFoundError
        There is none, or it is somebody else's.
    """
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
    return row


def keep_from_last_operator(session: Session, user_id: int) -> None:
    """Refuse what would leave the hub without anybody who runs it.

    Raises
    ------
    UsageError
        ``last-operator``.
    """
    # Locked, in one order, so that two operators who take the role from each other do not both succeed.
    operators = set(
        session.scalars(
            select(Membership.user_id)
            .join(User, User.id == Membership.user_id)
            .where(Membership.role == "operator", User.erased_at.is_(None))
            .order_by(Membership.user_id, Membership.institution_id)
            .with_for_update()
        )
    )
    if operators == {user_id}:
        raise UsageError("last-operator", "this is the only operator; make somebody else one first")


def _forget_files(session: Session, user_id: int) -> list[str]:
    """Empty the files of a person's submissions and what verdicts quote of them; return traces nobody else has."""
    traces = set(
        session.scalars(
            select(Submission.trace_hash)
            .where(Submission.user_id == user_id, Submission.trace_hash.is_not(None))
            .distinct()
        )
    )
    # What waits is not graded any more: a verdict is only ever written to a row that is not done.
    unread, _ = verdicts.split(Verdict(limit_hit="not-run", reason="erased"))
    session.execute(
        update(Submission)
        .where(Submission.user_id == user_id, Submission.state != "done")
        .values(state="done", outcome="undecided", is_met=False, finished_at=datetime.now(UTC), verdict=unread)
    )
    rows = session.execute(select(Submission.id, Submission.verdict).where(Submission.user_id == user_id)).all()
    for number, verdict in rows:
        # Diagnostics and reasons quote what somebody wrote; how a design fared is told without them.
        kept = {**(verdict or unread), "diagnostics": [], "warnings": [], "reason": ""}
        session.execute(
            update(Submission).where(Submission.id == number).values(files=[], trace_hash=None, verdict=kept)
        )
    session.execute(update(EvidenceRecord).where(EvidenceRecord.user_id == user_id).values(opening=""))
    shared = set(session.scalars(select(Submission.trace_hash).where(Submission.trace_hash.in_(traces)).distinct()))
    return sorted(digest for digest in traces - shared if digest is not None)


#: What is written out row by row: whose row it is, by the column that says so.
_OWNERS: dict[str, InstrumentedAttribute[int]] = {
    "cluster-comments": ClusterComment.by_id,
    "consents": Consent.user_id,
    "courses": Course.created_by,
    "drafts": Draft.user_id,
    "enrolments": Enrolment.user_id,
    "extensions": Extension.user_id,
    "hints": HintUse.user_id,
    "overrides": Override.user_id,
    "packs": PackUpload.by_id,
    "practice": PracticeDay.user_id,
    "sign-ins": SignIn.user_id,
    "tokens": ApiToken.user_id,
}


def _rows_about(user_id: int) -> dict[str, tuple[type[Base], ColumnElement[bool]]]:
    conditions: dict[str, tuple[type[Base], ColumnElement[bool]]] = {
        name: (cast(type[Base], owner.class_), owner == user_id) for name, owner in _OWNERS.items()
    }
    about = or_(
        AuditEntry.actor_id == user_id,
        AuditEntry.object == f"user {user_id}",
        # What a lecturer did for somebody is written down as done to a class or an assignment.
        AuditEntry.details["user"].as_integer() == user_id,
    )
    return {**conditions, "audit": (AuditEntry, about)}


def _memberships(session: Session, user_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Institution.id, Institution.name, Membership.role)
        .join(Institution, Institution.id == Membership.institution_id)
        .where(Membership.user_id == user_id)
    )
    return [{"institution_id": row.id, "institution": row.name, "role": row.role} for row in rows]


def _write_rows(archive: zipfile.ZipFile, name: str, rows: Iterable[Base]) -> None:
    with archive.open(name, "w") as stream:
        for row in rows:
            stream.write(_json(_values(row)).encode() + b"\n")


def _write_submissions(archive: zipfile.ZipFile, session: Session, traces: TraceFiles, user_id: int) -> None:
    rows = session.scalars(select(Submission).where(Submission.user_id == user_id).order_by(Submission.id))
    with archive.open("submissions.jsonl", "w") as stream:
        for row in rows.yield_per(_ROWS_TOGETHER):
            trace = None if row.trace_hash is None else traces.find(row.trace_hash)
            stream.write(_json({**_values(row), "trace": trace}).encode() + b"\n")


def _values(row: Base) -> dict[str, Any]:
    return {
        attribute.key: getattr(row, attribute.key)
        for attribute in inspect(type(row)).column_attrs
        if attribute.key not in _SECRETS
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat())
