"""Who a token speaks for, where they stand, and what is held about them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from chiploom.errors import UsageError
from chiploom.hub import progress
from chiploom.hub.api.answers import (
    ARCHIVE,
    ConsentShown,
    Listed,
    Me,
    SkillShown,
    Standing,
    TaskStanding,
    listed,
)
from chiploom.hub.api.asking import After, Most, Number, Reader, Submitter
from chiploom.hub.database.schema import Consent, User
from chiploom.hub.operation import privacy
from chiploom.hub.pages.data import archive_of
from chiploom.hub.teaching import clock, taking
from chiploom.hub.web.asking import TheHub
from chiploom.hub.web.limited import limited
from chiploom.tasks.load import TRACKS

router = APIRouter(tags=["me"])


@router.get("/me")
def show(hub: TheHub, person: Reader) -> Me:
    """Who the token speaks for."""
    with hub.database.reading() as session:
        user = session.get_one(User, person.id)
    return Me(
        id=person.id,
        subject=person.subject,
        login=user.login,
        name=person.name,
        language=person.language,
        track=user.track,
        roles=sorted(person.roles),
        scopes=sorted(person.scopes),
    )


@router.get("/progress")
def show_progress(hub: TheHub, person: Reader, track: Annotated[str, Query(max_length=32)] = "") -> Standing:
    """Where this person stands in a track, and which task comes next and why."""
    if track and track not in TRACKS:
        raise UsageError("unknown-track", f"there is no track {track[:40]!a}")
    with hub.database.reading() as session:
        chosen = track or session.get_one(User, person.id).track
        now = clock.now()
        closed = taking.in_exams(taking.given_to(session, person.id, now), now)
        standing = progress.standing(session, hub.library, person.id, chosen, closed)
    return Standing(
        track=chosen,
        tasks=[_standing(item) for item in standing.tasks],
        following=None if standing.following is None else _standing(standing.following),
        reason=standing.reason,
        skills=[SkillShown(skill=skill, met=met, tasks=total) for skill, (met, total) in standing.skills.items()],
    )


@router.get("/me/consents")
def list_consents(hub: TheHub, person: Reader, after: After = 0, limit: Most = 50) -> Listed[ConsentShown]:
    """What this person agreed may leave the hub, the oldest first."""
    with hub.database.reading() as session:
        rows = privacy.consents(session, person.id)
    return listed([consent_shown(row) for row in rows], after, limit)


@router.post("/me/consents/{number}/withdraw")
def withdraw(hub: TheHub, person: Submitter, number: Number) -> ConsentShown:
    """Take back a consent; pages that are open because of it are closed."""
    with hub.database.writing() as session:
        return consent_shown(privacy.withdraw(session, person, number))


@router.post("/me/export", response_class=Response, responses=ARCHIVE, dependencies=[limited("export")])
def export(hub: TheHub, person: Reader) -> Response:
    """Everything the hub holds about this person, as one archive."""
    return archive_of(hub, person, person.id)


def consent_shown(row: Consent) -> ConsentShown:
    """Return a consent as it is told."""
    return ConsentShown(id=row.id, purpose=row.purpose, given_at=row.given_at, withdrawn_at=row.withdrawn_at)


def _standing(item: progress.TaskStanding) -> TaskStanding:
    return TaskStanding(pack=item.task.pack_id, id=item.task.id, is_met=item.is_met, tries=item.tries)
