"""A learner's way: the tasks of the track, what is proved so far, what comes next and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub import progress
from chiploom.hub.database.schema import User
from chiploom.hub.pages.assignments import assignments_shown
from chiploom.hub.teaching import clock, taking
from chiploom.hub.web import skill_map
from chiploom.hub.web.asking import SignedIn, TheHub, Words
from chiploom.hub.web.rendering import page
from chiploom.tasks.load import TRACKS

router = APIRouter()


@router.get("/learn")
def learn(request: Request, hub: TheHub, person: SignedIn, words: Words) -> Response:
    """Show where a learner stands."""
    with hub.database.reading() as session:
        given = taking.given_to(session, person.id, clock.now())
        closed = taking.in_exams(given, clock.now())
        standing = progress.standing(session, hub.library, person.id, person.track, closed)
    tracks = [name for name in TRACKS if any(True for _ in progress.open_tasks(hub.library, name))]
    skills = skill_map.standings(standing, hub.library, words.language)
    names = {skill.id: skill.name for skill in skills}
    return page(
        request,
        "learn.html",
        words,
        person,
        standing=standing,
        track=person.track,
        tracks=tracks,
        skills=skills,
        needs={skill.id: ", ".join(names[need] for need in skill.needs) for skill in skills},
        picture=skill_map.draw(skills, words),
        told=skill_map.told,
        **assignments_shown(hub, given),
    )


@router.post("/learn/track")
def choose_track(hub: TheHub, person: SignedIn, track: Annotated[str, Form()]) -> Response:
    """Change the track."""
    if track not in TRACKS:
        raise UsageError("unknown-track", f"there is no track {track[:40]!a}")
    with hub.database.writing() as session:
        session.get_one(User, person.id).track = track
    return RedirectResponse("/learn", 303)
