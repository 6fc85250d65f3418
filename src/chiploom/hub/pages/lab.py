"""The lab: one task, an editor, and what the engine says about what is in it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from chiploom.errors import UsageError
from chiploom.hdl.sources import Source
from chiploom.hub import checking, work
from chiploom.hub.database.schema import Submission
from chiploom.hub.hub import Hub
from chiploom.hub.library import local
from chiploom.hub.pages.submissions import shown, state_fragment, waiting_fragment
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching.assignments import sits_exam
from chiploom.hub.web import prose
from chiploom.hub.web.asking import NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import markdown, page
from chiploom.hub.work import Place
from chiploom.tasks.model import Task

router = APIRouter(prefix="/lab")


class Files(BaseModel):
    """What the editor sends."""

    files: list[tuple[str, str]] = Field(min_length=1, max_length=work.MOST_FILES)
    revision: int = 0

    def sources(self) -> list[Source]:
        """Return the files, refused if they are not what an editor sends."""
        sources = [Source(name, text) for name, text in self.files]
        work.check_files(sources)
        return sources


@router.get("/{pack_id}/{task_id}")
def show(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    pack_id: str,
    task_id: str,
    variant: int | None = None,
    submission: int | None = None,
) -> Response:
    """Show the task with what this person last had in the editor."""
    task, place = find(hub, person, pack_id, task_id, variant)
    return show_place(request, hub, person, words, task, place, f"/lab/{pack_id}/{task_id}", submission)


def show_place(
    request: Request,
    hub: Hub,
    person: Person,
    words: Words,
    task: Task,
    place: Place,
    where: str,
    submission: int | None = None,
    **more: Any,
) -> Response:
    """Return the lab page of a task, for oneself or as an assignment; ``where`` is the address of its actions."""
    with hub.database.reading() as session:
        draft = work.draft_of(session, person, place)
        opened = work.hints_used(session, person.id, place)
        history = _history(session, person, place)
        last = _last(session, person, place, submission)
    starter = starter_files(task)
    files = starter
    if draft is not None:
        files = draft.files
    if submission is not None and last is not None:
        files = last.files
    hints = [markdown(local(task.hints[number - 1], words.language)) for number in sorted(opened)]
    return page(
        request,
        "lab.html",
        words,
        person,
        task=task,
        pack=hub.library.packs[place.pack_id],
        place=place,
        where=where,
        statement=statement(task, words.language),
        files=files,
        starter=starter,
        revision=0 if draft is None else draft.revision,
        hints=hints,
        history=history,
        last=None if last is None else state_fragment(request, hub, person, words, last),
        **more,
    )


@router.post("/{pack_id}/{task_id}/check", dependencies=[limited("check")])
def check(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    pack_id: str,
    task_id: str,
    files: Annotated[str, Form(max_length=work.LONGEST_TEXT * 2)],
    variant: int | None = None,
) -> Response:
    """Accept a submission; answer with its state, which renews itself until there is a verdict."""
    task, place = find(hub, person, pack_id, task_id, variant)
    number = work.hand_in(hub, person, place, task, files_of(files))
    return Response(waiting_fragment(request, hub, person, words, number), media_type="text/html")


@router.put("/{pack_id}/{task_id}/draft")
def save_draft(
    hub: TheHub, person: SignedIn, pack_id: str, task_id: str, sent: Files, variant: int | None = None
) -> Response:
    """Keep what is in the editor."""
    _, place = find(hub, person, pack_id, task_id, variant)
    sources = sent.sources()
    with hub.database.noting() as session:
        revision = work.save_draft(session, person, place, sources, sent.revision, hub.settings.time_zone)
    return JSONResponse({"revision": revision})


@router.post("/{pack_id}/{task_id}/diagnose", dependencies=[limited("diagnose")])
def diagnose(
    hub: TheHub, person: SignedIn, words: Words, pack_id: str, task_id: str, sent: Files, variant: int | None = None
) -> Response:
    """Say what the compiler says, while somebody types."""
    task, _ = find(hub, person, pack_id, task_id, variant)
    return JSONResponse(
        {"diagnostics": checking.diagnose(hub.bench, task, sent.sources(), person.subject, words.language)}
    )


@router.post("/{pack_id}/{task_id}/run", dependencies=[limited("run")])
def run(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    pack_id: str,
    task_id: str,
    files: Annotated[str, Form(max_length=work.LONGEST_TEXT * 2)],
    stimulus: Annotated[str, Form(max_length=100_000)],
    variant: int | None = None,
) -> Response:
    """Simulate the design on this person's own inputs; no verdict."""
    task, _ = find(hub, person, pack_id, task_id, variant)
    sources = files_of(files)
    work.check_files(sources)
    verdict = checking.run(hub.bench, task, sources, checking.stimulus(stimulus), person.subject)
    return page(request, "_run.html", words, person, verdict=verdict, **shown(verdict, words))


@router.post("/{pack_id}/{task_id}/hints/{number}")
def hint(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    pack_id: str,
    task_id: str,
    number: int,
    variant: int | None = None,
) -> Response:
    """Open the next hint, which is written down."""
    task, place = find(hub, person, pack_id, task_id, variant)
    with hub.database.writing() as session:
        work.use_hint(session, person, place, task, number)
        opened = work.hints_used(session, person.id, place)
    hints = [markdown(local(task.hints[shown - 1], words.language)) for shown in sorted(opened)]
    return page(
        request, "_hints.html", words, person, task=task, place=place, where=f"/lab/{pack_id}/{task_id}", hints=hints
    )


def find(hub: Hub, person: Person, pack_id: str, task_id: str, variant: int | None) -> tuple[Task, Place]:
    """Return a task that this person may work on for themselves.

    Raises
    ------
    NotFoundError
        The pack is private and this person does not teach.
    UsageError
        ``exam-running``: this person's exam on the task is open; or as :meth:`chiploom.hub.library.Library.task`.
    """
    if pack_id not in hub.library.open_packs and not person.teaches:
        raise NotFoundError
    with hub.database.looking() as connection:
        if sits_exam(connection, person.id, pack_id, task_id):
            raise UsageError("exam-running", "your exam on this task is open; it can be practised again after it")
    return hub.library.task(pack_id, task_id, variant), Place(pack_id, task_id, variant)


def files_of(text: str) -> list[Source]:
    """Return the files of a form, ``[[name, text], ...]`` as JSON.

    Raises
    ------
    UsageError
        ``bad-files``.
    """
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    is_list = isinstance(value, list) and all(
        isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item) for item in value
    )
    if not is_list:
        raise UsageError("bad-files", "the files of the editor did not arrive whole; try again")
    return [Source(name, content) for name, content in value]


def starter_files(task: Task) -> list[list[str]]:
    """Return what is in the editor at the beginning; a pack's ``starter.sv`` is called by the module to be written."""
    files = [[source.name, source.text] for source in task.starter] or [["starter.sv", ""]]
    return [[f"{task.top}.sv", files[0][1]]] if len(files) == 1 else files


def statement(task: Task, language: str) -> Markup:
    """Return a task's statement as HTML, with its diagrams."""
    return prose.statement(local(task.statement, language), task.diagrams)


def _history(session: Session, person: Person, place: Place) -> list[Any]:
    rows = session.execute(
        select(Submission.id, Submission.created_at, Submission.state, Submission.outcome)
        .where(
            Submission.user_id == person.id,
            Submission.pack_id == place.pack_id,
            Submission.task_id == place.task_id,
            Submission.variant.is_(None) if place.variant is None else Submission.variant == place.variant,
            *([] if place.assignment_id is None else [Submission.assignment_id == place.assignment_id]),
        )
        .order_by(Submission.id.desc())
        .limit(50)
    )
    return list(rows)


def _last(session: Session, person: Person, place: Place, number: int | None) -> Submission | None:
    query = select(Submission).where(
        Submission.user_id == person.id, Submission.pack_id == place.pack_id, Submission.task_id == place.task_id
    )
    if place.assignment_id is not None:
        query = query.where(Submission.assignment_id == place.assignment_id)
    if number is not None:
        query = query.where(Submission.id == number)
    else:
        query = query.where(
            Submission.variant.is_(None) if place.variant is None else Submission.variant == place.variant
        )
    return session.scalar(query.order_by(Submission.id.desc()).limit(1))
