"""Handing in, and waiting for the verdict."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from chiploom.hub import work
from chiploom.hub.api.answers import Accepted, File, Listed, SubmissionListed, SubmissionShown
from chiploom.hub.api.asking import After, Most, Number, Reader, Submitter
from chiploom.hub.api.working import Files
from chiploom.hub.database.schema import Submission
from chiploom.hub.hub import Hub
from chiploom.hub.pages.lab import find
from chiploom.hub.pages.submissions import LONGEST_WAIT_S, own, until_done, verdict_of
from chiploom.hub.teaching import clusters
from chiploom.hub.web.asking import TheHub, Words
from chiploom.hub.web.limited import limited

router = APIRouter(prefix="/submissions", tags=["submissions"])


class Sent(Files):
    """What is handed in, and for which task."""

    pack: str = Field(max_length=64)
    task: str = Field(max_length=64)
    variant: int | None = Field(ge=1, lt=1 << 31, default=None)


@router.get("")
def list_submissions(hub: TheHub, person: Reader, after: After = 0, limit: Most = 50) -> Listed[SubmissionListed]:
    """This person's submissions, the oldest first."""
    with hub.database.reading() as session:
        rows = session.scalars(
            select(Submission)
            .where(Submission.user_id == person.id, Submission.id > after)
            .order_by(Submission.id)
            .limit(limit + 1)
        ).all()
    return Listed(
        items=[SubmissionListed(**_listed(row)) for row in rows[:limit]],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.post("", status_code=202, dependencies=[limited("check")])
def hand_in(hub: TheHub, person: Submitter, sent: Sent) -> Accepted:
    """Hand in a design. The answer comes at once; ask for the verdict under the number in it."""
    task, place = find(hub, person, sent.pack, sent.task, sent.variant)
    return Accepted(id=work.hand_in(hub, person, place, task, sent.sources()))


@router.get("/{number}")
async def show(
    hub: TheHub,
    person: Reader,
    words: Words,
    number: Number,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S, description="seconds to wait for the verdict")] = 0.0,
) -> SubmissionShown:
    """A submission; the answer comes once there is a verdict, or after ``wait`` seconds."""
    row = await run_in_threadpool(own, hub, person, number)
    if row.state != "done" and wait > 0:
        await until_done(hub, number, wait)
        row = await run_in_threadpool(own, hub, person, number)
    return await run_in_threadpool(_shown, hub, row, words.language)


def _shown(hub: Hub, row: Submission, language: str) -> SubmissionShown:
    verdict = verdict_of(hub, row)
    with hub.database.reading() as session:
        comments = clusters.comments_on(session, row)
    return SubmissionShown(
        **_listed(row),
        place=hub.dispatcher.place_of(row.id),
        files=[File(name=name, text=text) for name, text in row.files],
        verdict=None if verdict is None else verdict.as_json(language),
        comments=comments,
    )


def _listed(row: Submission) -> dict[str, Any]:
    return {
        "id": row.id,
        "pack": row.pack_id,
        "task": row.task_id,
        "variant": row.variant,
        "assignment": row.assignment_id,
        "created_at": row.created_at,
        "state": row.state,
        "outcome": row.outcome,
        "is_met": row.is_met,
    }
