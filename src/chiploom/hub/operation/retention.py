"""How long things are kept, as the operator set it, and removing what is older."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, or_, select, tuple_
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import ApiToken, AuditEntry, Base, Draft, HubSetting, PracticeDay, SignIn
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person

#: Days after which things go, by kind; 0: never. What is signed, submitted or graded is never removed by age.
DEFAULT_DAYS = {"drafts": 365, "practice": 0, "audit": 0}
LONGEST_DAYS = 36_500
#: What erasure does with the files somebody handed in.
FILES_CHOICES = ("delete", "keep")
_FILES_SETTING = "erasure-files"
_TOKENS_KEPT = timedelta(days=30)
#: Rows that go in one transaction, so that nobody who writes meanwhile waits long.
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """The operator's choice."""

    days: dict[str, int]
    erasure_files: str


def chosen(session: Session) -> Retention:
    """Return what is set."""
    rows = {row.name: row.value for row in session.scalars(select(HubSetting))}
    days = {kind: int(rows.get(f"{kind}-days", default)) for kind, default in DEFAULT_DAYS.items()}
    return Retention(days, rows.get(_FILES_SETTING, FILES_CHOICES[0]))


def choose(session: Session, actor: Person, retention: Retention) -> None:
    """Set it.

    Raises
    ------
    UsageError
        ``bad-retention``.
    """
    if set(retention.days) != set(DEFAULT_DAYS) or not all(
        0 <= days <= LONGEST_DAYS for days in retention.days.values()
    ):
        raise UsageError("bad-retention", f"days are whole numbers from 0 (keep for ever) to {LONGEST_DAYS}")
    if retention.erasure_files not in FILES_CHOICES:
        raise UsageError("bad-retention", f"files are one of {', '.join(FILES_CHOICES)}")
    for kind, days in retention.days.items():
        session.merge(HubSetting(name=f"{kind}-days", value=str(days)))
    session.merge(HubSetting(name=_FILES_SETTING, value=retention.erasure_files))
    accounts.audit(session, actor, "retention-set", "hub", **retention.days, files=retention.erasure_files)


def purge_now(database: Database, actor: Person) -> dict[str, int]:
    """Do what happens by itself once a day because an operator asks for it, and write that down."""
    removed = purge(database)
    with database.writing() as session:
        accounts.audit(session, actor, "purged", "hub", **removed)
    return removed


def purge(
    database: Database, *, now: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Remove what is older than it may be, and return how much of each kind was."""
    now = now or datetime.now(UTC)
    with database.reading() as session:
        retention = chosen(session)

    def before(kind: str) -> datetime | None:
        days = retention.days[kind]
        return now - timedelta(days=days) if days else None

    wanted: dict[str, tuple[type[Base], ColumnElement[bool] | None]] = {
        "sign-ins": (SignIn, SignIn.expires_at < now),
        "tokens": (
            ApiToken,
            or_(ApiToken.expires_at < now - _TOKENS_KEPT, ApiToken.revoked_at < now - _TOKENS_KEPT),
        ),
        "drafts": (Draft, _older(Draft.updated_at, before("drafts"))),
        "practice": (PracticeDay, _older(PracticeDay.last_at, before("practice"))),
        "audit": (AuditEntry, _older(AuditEntry.at, before("audit"))),
    }
    return {
        kind: _purge(database, table, condition, is_stopping) if condition is not None else 0
        for kind, (table, condition) in wanted.items()
    }


def _older(column: Any, moment: datetime | None) -> ColumnElement[bool] | None:
    return None if moment is None else column < moment


def _purge(
    database: Database, kind: type[Base], condition: ColumnElement[bool], is_stopping: Callable[[], bool]
) -> int:
    key = tuple_(*inspect(kind).primary_key)
    removed = 0
    while not is_stopping():
        with database.writing() as session:
            found = session.execute(select(*inspect(kind).primary_key).where(condition).limit(_TOGETHER)).all()
            if not found:
                break
            session.execute(
                delete(kind).where(key.in_([tuple(row) for row in found]), condition),
                execution_options={"synchronize_session": False},
            )
            removed += len(found)
    return removed
