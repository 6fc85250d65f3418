"""The tables. Names of people are in ``account`` only: evidence knows a subject, a random identifier.

Moments are UTC. Enumerations are short texts, so that a row is readable in any database tool.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from chiploom.hub.database.folding import folded


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the database stored, with its zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}


# -- people


class Institution(Base):
    """A university, college, firm or ministry that has people here."""

    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]


class User(Base):
    """A person who signs in.

    Erasure empties ``login``, ``name`` and ``password_hash`` and sets ``erased_at``; the row and its subject stay, so
    that counts and evidence do. ``folded`` is login and name as they are searched, and follows both.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), unique=True)
    login: Mapped[str | None] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    track: Mapped[str] = mapped_column(String(32), default="design")
    created_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]

    @validates("login", "name")
    def _fold(self, key: str, value: str | None) -> str | None:
        login, name = (value, self.name) if key == "login" else (self.login, value)
        self.folded = folded(f"{login or ''} {name or ''}")
        return value


class Membership(Base):
    """What a person may do in an institution: ``learner``, ``lecturer`` or ``operator``."""

    __tablename__ = "membership"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))


class SignIn(Base):
    """A signed-in browser. The cookie holds a random token, this table only its hash."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A key for a program, with scopes."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Consent(Base):
    """What a person agreed may leave the hub, for which purpose, until withdrawn."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to what. Never changed, and without names."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(128))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


# -- teaching


class Course(Base):
    """A course: classes are its runs."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Class(Base):
    """People who take a course together."""

    __tablename__ = "class"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    minutes_per_credit: Mapped[int] = mapped_column(default=0)


class Enrolment(Base):
    """A person in a class, as ``learner`` or ``lecturer``."""

    __tablename__ = "enrolment"

    class_id: Mapped[int] = mapped_column(ForeignKey("class.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))


class Assignment(Base):
    """A task that a class has to do.

    ``mode`` is ``practice`` or ``exam``. An exam is open from ``opens_at`` to ``closes_at`` only. ``variants`` gives
    every learner one of the task's variants, which nobody can foresee without ``seed``. ``late_percent_per_day`` is
    taken off from ``due_at`` to ``closes_at``. ``pack_version`` is the version of the pack whose task it is.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id"), index=True)
    pack_id: Mapped[str] = mapped_column(String(64))
    task_id: Mapped[str] = mapped_column(String(64))
    pack_version: Mapped[str] = mapped_column(String(32), default="")
    mode: Mapped[str] = mapped_column(String(16))
    variants: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    late_percent_per_day: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=0)
    points: Mapped[int] = mapped_column(default=100)
    proctored: Mapped[bool | None]
    ai_use: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]


class Extension(Base):
    """More time for one learner."""

    __tablename__ = "extension"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))


class Override(Base):
    """Points that a lecturer gave instead of the computed ones, with the reason. The newest counts."""

    __tablename__ = "override"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    points: Mapped[float]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ClusterComment(Base):
    """One comment to all whose submissions fail in the same way."""

    __tablename__ = "cluster_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    cluster: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class PackUpload(Base):
    """A pack that a lecturer uploaded. ``state`` is ``testing``, ``refused`` or ``admitted``.

    ``reports`` holds what the admission test found, one entry for each task that was examined.
    """

    __tablename__ = "pack_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    directory: Mapped[str] = mapped_column(String(64))
    task_count: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), index=True)
    finished_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    reports: Mapped[list[Any]] = mapped_column(default=list)


# -- work

_IS_WAITING = text("state <> 'done'")
_IS_ASSIGNED = text("assignment_id IS NOT NULL")


class Submission(Base):
    """What a person handed in, and its verdict. The row is the truth about it.

    ``state`` is ``queued``, ``running`` or ``done``; what was queued or running when the hub died is graded again.
    ``verdict`` is the verdict without its trace, which is the file ``trace_hash``. ``cluster`` is the same for
    submissions that fail in the same way.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_task", "user_id", "pack_id", "task_id", "id"),
        # Class reports read this index alone, and not the rows with their files.
        Index(
            "ix_submission_assignment",
            *("assignment_id", "user_id", "id", "state", "outcome", "is_met", "created_at", "cluster"),
            sqlite_where=_IS_ASSIGNED,
            postgresql_where=_IS_ASSIGNED,
        ),
        Index("ix_submission_waiting", "state", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pack_id: Mapped[str] = mapped_column(String(64))
    pack_version: Mapped[str] = mapped_column(String(32))
    task_id: Mapped[str] = mapped_column(String(64))
    variant: Mapped[int | None]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    is_exam: Mapped[bool] = mapped_column(default=False)
    files: Mapped[list[Any]]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="queued")
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    is_met: Mapped[bool | None]
    verdict: Mapped[dict[str, Any] | None]
    trace_hash: Mapped[str | None] = mapped_column(String(64))
    cluster: Mapped[str | None] = mapped_column(String(64))


class Draft(Base):
    """What a person has in the editor, kept as they type; apart for each assignment (0: for none).

    ``kept`` holds drafts that made room for an earlier submission, the newest first.
    """

    __tablename__ = "draft"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    pack_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    variant: Mapped[int] = mapped_column(primary_key=True, default=0)
    assignment_id: Mapped[int] = mapped_column(primary_key=True, default=0)
    files: Mapped[list[Any]]
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    kept: Mapped[list[Any]] = mapped_column(default=list)


class HintUse(Base):
    """A hint that a person opened."""

    __tablename__ = "hint_use"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    pack_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class PracticeDay(Base):
    """Minutes in which a person worked on a task, one row a day."""

    __tablename__ = "practice_day"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    pack_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    minutes: Mapped[int]
    last_at: Mapped[datetime]


class EvidenceRecord(Base):
    """Signed evidence, and the opening of its commitments, which is its owner's."""

    __tablename__ = "evidence"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issued_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(Text)
    opening: Mapped[str] = mapped_column(Text)


class CredentialRecord(Base):
    """A credential that a person took, and whether its page is open to everybody."""

    __tablename__ = "credential"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    skill: Mapped[str] = mapped_column(String(100))
    issued_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool] = mapped_column(default=False)


class HubSetting(Base):
    """What the operator set in the browser."""

    __tablename__ = "hub_setting"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
