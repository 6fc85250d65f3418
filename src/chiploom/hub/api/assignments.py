"""A learner's assignments: the list, and working on one inside its window."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chiploom.hub import work
from chiploom.hub.api import working
from chiploom.hub.api.answers import (
    Accepted,
    DraftShown,
    Findings,
    Hints,
    Listed,
    Revision,
    RunShown,
    TaskShown,
    listed,
)
from chiploom.hub.api.asking import After, Most, Number, Reader, Submitter
from chiploom.hub.api.working import DraftSent, Files, RunSent
from chiploom.hub.pages.assignments import open_hints, open_place
from chiploom.hub.teaching import clock, taking
from chiploom.hub.teaching.taking import Given
from chiploom.hub.web.asking import TheHub, Words
from chiploom.hub.web.limited import limited

router = APIRouter(prefix="/assignments", tags=["assignments"])


class GivenShown(BaseModel):
    """An assignment as one learner has it, with their extension."""

    id: int
    class_id: int
    pack: str | None = Field(description="null: an exam that is not open yet")
    task: str | None
    mode: Literal["practice", "exam"]
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    phase: Literal["before", "open", "late", "closed"]
    points: int
    late_percent_per_day: int
    attempts: int
    attempts_left: int | None = Field(description="null: as many as one likes")
    is_met: bool


@router.get("")
def list_assignments(hub: TheHub, person: Reader, after: After = 0, limit: Most = 50) -> Listed[GivenShown]:
    """What this person may work on now or later, by when it is due."""
    now = clock.now()
    with hub.database.reading() as session:
        given = taking.given_to(session, person.id, now)
    return listed([_shown(item, now) for item in given], after, limit)


@router.get("/{number}")
def show(hub: TheHub, person: Reader, number: Number) -> GivenShown:
    """An assignment, also after it closed."""
    with hub.database.reading() as session:
        return _shown(taking.given(session, person, number), clock.now())


@router.get("/{number}/task")
def show_task(hub: TheHub, person: Reader, words: Words, number: Number) -> TaskShown:
    """The task as this learner gets it, while the assignment is open."""
    task, place = open_place(hub, person, number)
    return working.task_shown(hub, person, words.language, task, place)


@router.post("/{number}/submissions", status_code=202, dependencies=[limited("check")])
def hand_in(hub: TheHub, person: Submitter, number: Number, sent: Files) -> Accepted:
    """Hand in a design, if the window is open and an attempt is left; ask for the verdict as for any other."""
    task, place = open_place(hub, person, number)
    made = work.hand_in(hub, person, place, task, sent.sources(), lambda session: taking.admit(session, person, number))
    return Accepted(id=made)


@router.get("/{number}/draft")
def show_draft(hub: TheHub, person: Reader, number: Number) -> DraftShown:
    """What this person last had in the editor; the starter if nothing was saved."""
    task, place = open_place(hub, person, number)
    return working.draft_shown(hub, person, task, place)


@router.put("/{number}/draft")
def save_draft(hub: TheHub, person: Submitter, number: Number, sent: DraftSent) -> Revision:
    """Save what is in the editor, unless another window saved since."""
    _, place = open_place(hub, person, number)
    return working.saved(hub, person, place, sent)


@router.get("/{number}/hints")
def show_hints(hub: TheHub, person: Reader, words: Words, number: Number) -> Hints:
    """The hints opened so far; an exam has none."""
    task, place = open_hints(hub, person, number)
    return working.hints_shown(hub, person, words.language, task, place)


@router.post("/{number}/hints/{hint_number}")
def open_hint(hub: TheHub, person: Submitter, words: Words, number: Number, hint_number: Number) -> Hints:
    """Open the next hint, which is written down."""
    task, place = open_hints(hub, person, number)
    return working.hint_opened(hub, person, words.language, task, place, hint_number)


@router.post("/{number}/diagnose", dependencies=[limited("diagnose")])
def diagnose(hub: TheHub, person: Submitter, words: Words, number: Number, sent: Files) -> Findings:
    """What the compiler says, without a verdict."""
    task, _ = open_place(hub, person, number)
    return working.diagnosed(hub, person, words.language, task, sent)


@router.post("/{number}/run", dependencies=[limited("run")])
def run(hub: TheHub, person: Submitter, words: Words, number: Number, sent: RunSent) -> RunShown:
    """Simulate a design on own inputs; no verdict, and no attempt."""
    task, _ = open_place(hub, person, number)
    return working.ran(hub, person, words, task, sent)


def _shown(item: Given, now: datetime) -> GivenShown:
    row, phase = item.row, item.window.phase(now)
    # Before it opens, an exam says nothing of what it asks.
    is_told = not (row.mode == "exam" and phase == "before")
    return GivenShown.model_validate(
        {
            "id": row.id,
            "class_id": row.class_id,
            "pack": row.pack_id if is_told else None,
            "task": row.task_id if is_told else None,
            "mode": row.mode,
            "opens_at": item.window.opens_at,
            "due_at": item.window.due_at,
            "closes_at": item.window.closes_at,
            "phase": phase,
            "points": row.points,
            "late_percent_per_day": row.late_percent_per_day,
            "attempts": item.attempts,
            "attempts_left": item.attempts_left,
            "is_met": item.is_met,
        }
    )
