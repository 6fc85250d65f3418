"""What the hub writes down and how long it keeps it, for operators: audit log, consents, retention."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chiploom.hub.api.answers import AuditShown, ConsentOf, Listed, Purged, RetentionShown
from chiploom.hub.api.asking import ApiOperator, Before, Most
from chiploom.hub.api.me import consent_shown
from chiploom.hub.operation import governing, retention
from chiploom.hub.operation.retention import LONGEST_DAYS, Retention
from chiploom.hub.pages.front import sign_up_is_open
from chiploom.hub.web.asking import TheHub

router = APIRouter(tags=["operation"])

_Days = Annotated[int, Field(ge=0, le=LONGEST_DAYS, description="0: keep for ever")]


class RetentionSent(BaseModel):
    """How long things are kept."""

    drafts: _Days
    practice: _Days
    audit: _Days
    erasure_files: Literal["delete", "keep"]


class SignUp(BaseModel):
    """Whether anybody may make an account."""

    is_open: bool


@router.get("/audit")
def list_audit(
    hub: TheHub,
    person: ApiOperator,
    action: Annotated[str, Query(max_length=64)] = "",
    actor: Annotated[int | None, Query(ge=1, lt=1 << 31, description="the number of an account")] = None,
    about: Annotated[str, Query(max_length=128, description="such as 'user 7' or 'assignment 3'")] = "",
    before: Before = None,
    limit: Most = 50,
) -> Listed[AuditShown]:
    """Who did what to what, the newest first."""
    with hub.database.reading() as session:
        rows = governing.audit_entries(session, action=action, actor=actor, about=about, before=before, limit=limit + 1)
    return Listed(
        items=[
            AuditShown(
                id=row.id, at=row.at, actor=row.actor_id, action=row.action, object=row.object, details=row.details
            )
            for row in rows[:limit]
        ],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/consents")
def list_consents(hub: TheHub, person: ApiOperator, before: Before = None, limit: Most = 50) -> Listed[ConsentOf]:
    """What people agreed may leave the hub, the newest first."""
    with hub.database.reading() as session:
        rows = governing.consents(session, before=before, limit=limit + 1)
    return Listed(
        items=[ConsentOf(**consent_shown(row).model_dump(), person=row.user_id) for row in rows[:limit]],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/retention")
def show_retention(hub: TheHub, person: ApiOperator) -> RetentionShown:
    """How long things are kept."""
    with hub.database.reading() as session:
        chosen = retention.chosen(session)
    return RetentionShown.model_validate({**chosen.days, "erasure_files": chosen.erasure_files})


@router.put("/retention")
def set_retention(hub: TheHub, person: ApiOperator, sent: RetentionSent) -> RetentionShown:
    """Set how long things are kept."""
    days = sent.model_dump(exclude={"erasure_files"})
    with hub.database.writing() as session:
        retention.choose(session, person, Retention(days, sent.erasure_files))
    return RetentionShown(**days, erasure_files=sent.erasure_files)


@router.post("/retention/purge")
def purge(hub: TheHub, person: ApiOperator) -> Purged:
    """Remove now what is older than it may be."""
    return Purged(removed=retention.purge_now(hub.database, person))


@router.get("/sign-up")
def show_sign_up(hub: TheHub, person: ApiOperator) -> SignUp:
    """Whether anybody may make an account."""
    return SignUp(is_open=sign_up_is_open(hub))


@router.put("/sign-up")
def set_sign_up(hub: TheHub, person: ApiOperator, sent: SignUp) -> SignUp:
    """Let anybody make an account, or nobody."""
    with hub.database.writing() as session:
        governing.set_sign_up(session, person, is_open=sent.is_open)
    return sent
