"""Who a token speaks for, and where they stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from chiploom.errors import UsageError
from chiploom.hub import progress
from chiploom.hub.api.answers import Me, SkillShown, Standing, TaskStanding
from chiploom.hub.api.asking import Reader
from chiploom.hub.database.schema import User
from chiploom.hub.web.asking import TheHub
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
        standing = progress.standing(session, hub.library, person.id, chosen)
    return Standing(
        track=chosen,
        tasks=[_standing(item) for item in standing.tasks],
        following=None if standing.following is None else _standing(standing.following),
        reason=standing.reason,
        skills=[SkillShown(skill=skill, met=met, tasks=total) for skill, (met, total) in standing.skills.items()],
    )


def _standing(item: progress.TaskStanding) -> TaskStanding:
    return TaskStanding(pack=item.task.pack_id, id=item.task.id, is_met=item.is_met, tries=item.tries)
