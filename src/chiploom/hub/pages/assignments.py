"""The learner's side of assignments: the list, and the lab of one, inside its window only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import JSONResponse, Response

from chiploom.errors import UsageError
from chiploom.hub import checking, work
from chiploom.hub.database.schema import Assignment, Submission
from chiploom.hub.hub import Hub
from chiploom.hub.library import local
from chiploom.hub.pages.lab import Files, files_of, show_place
from chiploom.hub.pages.submissions import own, shown, state_fragment
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, clock
from chiploom.hub.teaching.assignments import Given
from chiploom.hub.web.asking import NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import markdown, page
from chiploom.hub.work import Place
from chiploom.tasks.model import LocalText, Task

router = APIRouter(prefix="/assignments")


@router.get("/{number}")
def show(
    request: Request, hub: TheHub, person: SignedIn, words: Words, number: int, submission: int | None = None
) -> Response:
    """Show the lab while the assignment is open; before, when it opens, and after, what was handed in."""
    with hub.database.reading() as session:
        item = assignments.given(session, person, number)
        phase = item.window.phase(clock.now())
        if phase in ("before", "closed"):
            history = session.execute(
                select(Submission.id, Submission.created_at, Submission.outcome)
                .where(Submission.assignment_id == number, Submission.user_id == person.id)
                .order_by(Submission.id.desc())
                .limit(50)
            ).all()
    if phase in ("before", "closed"):
        row = own(hub, person, submission) if submission is not None else None
        if row is not None and row.assignment_id != number:
            raise NotFoundError
        return page(
            request,
            "assignment-closed.html",
            words,
            person,
            given=item,
            phase=phase,
            # Before it opens, an exam says nothing of what it asks.
            title=None if phase == "before" and item.row.mode == "exam" else title_of(hub, item.row),
            history=history,
            files=[] if row is None else row.files,
            last=None if row is None else state_fragment(request, hub, person, words, row),
        )
    task, place = assignments.task_and_place(hub.library, item, person)
    return show_place(
        request, hub, person, words, task, place, f"/assignments/{number}", submission, given=item, phase=phase
    )


@router.post("/{number}/check", dependencies=[limited("check")])
def check(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    number: int,
    files: Annotated[str, Form(max_length=work.LONGEST_TEXT * 2)],
) -> Response:
    """Accept a submission, if the window is open and an attempt is left when it is written."""
    task, place = open_place(hub, person, number)
    made = work.hand_in(
        hub, person, place, task, files_of(files), lambda session: assignments.admit(session, person, number)
    )
    with hub.database.reading() as session:
        row = session.get_one(Submission, made)
    return Response(state_fragment(request, hub, person, words, row), media_type="text/html")


@router.put("/{number}/draft")
def save_draft(hub: TheHub, person: SignedIn, number: int, sent: Files) -> Response:
    """Keep what is in the editor."""
    _, place = open_place(hub, person, number)
    sources = sent.sources()
    with hub.database.writing() as session:
        revision = work.save_draft(session, person, place, sources, sent.revision, hub.settings.time_zone)
    return JSONResponse({"revision": revision})


@router.post("/{number}/diagnose", dependencies=[limited("diagnose")])
def diagnose(hub: TheHub, person: SignedIn, words: Words, number: int, sent: Files) -> Response:
    """Say what the compiler says, while somebody types."""
    task, _ = open_place(hub, person, number)
    return JSONResponse(
        {"diagnostics": checking.diagnose(hub.bench, task, sent.sources(), person.subject, words.language)}
    )


@router.post("/{number}/run", dependencies=[limited("run")])
def run(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    number: int,
    files: Annotated[str, Form(max_length=work.LONGEST_TEXT * 2)],
    stimulus: Annotated[str, Form(max_length=100_000)],
) -> Response:
    """Simulate the design on this person's own inputs; no verdict, and no attempt."""
    task, _ = open_place(hub, person, number)
    sources = files_of(files)
    work.check_files(sources)
    verdict = checking.run(hub.bench, task, sources, checking.stimulus(stimulus), person.subject)
    return page(request, "_run.html", words, person, verdict=verdict, **shown(verdict, words))


@router.post("/{number}/hints/{hint_number}")
def hint(request: Request, hub: TheHub, person: SignedIn, words: Words, number: int, hint_number: int) -> Response:
    """Open the next hint; in an exam there are none."""
    task, place = open_hints(hub, person, number)
    with hub.database.writing() as session:
        work.use_hint(session, person, place, task, hint_number)
        opened = work.hints_used(session, person.id, place)
    hints = [markdown(local(task.hints[opened_number - 1], words.language)) for opened_number in sorted(opened)]
    return page(
        request, "_hints.html", words, person, task=task, place=place, where=f"/assignments/{number}", hints=hints
    )


def assignments_shown(hub: Hub, given: Sequence[Given]) -> dict[str, Any]:
    """Return what ``_assignments.html`` needs to list assignments."""
    now = clock.now()
    return {
        "assignments": [
            (
                item,
                item.window.phase(now),
                None if item.row.mode == "exam" and now < item.window.opens_at else title_of(hub, item.row),
            )
            for item in given
        ]
    }


def title_of(hub: Hub, row: Assignment) -> LocalText:
    """Return the title of an assignment's task."""
    try:
        return hub.library.task(row.pack_id, row.task_id).title
    except UsageError:
        # Its pack was taken away from the hub; the assignment is still there.
        return {"en": f"{row.pack_id}/{row.task_id}"}


def open_place(hub: Hub, person: Person, number: int) -> tuple[Task, Place]:
    """Return what a learner may work on at this moment.

    Raises
    ------
    UsageError
        ``not-found``, ``assignment-not-open`` or ``assignment-closed``.
    """
    with hub.database.reading() as session:
        item = assignments.given(session, person, number)
    assignments.require_open(item, clock.now())
    return assignments.task_and_place(hub.library, item, person)


def open_hints(hub: Hub, person: Person, number: int) -> tuple[Task, Place]:
    """Return what a learner may open the hints of at this moment.

    Raises
    ------
    UsageError
        ``no-hints``: it is an exam; or what :func:`open_place` raises.
    """
    task, place = open_place(hub, person, number)
    if place.is_exam:
        raise UsageError("no-hints", "an exam has no hints")
    return task, place
