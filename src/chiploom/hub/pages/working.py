"""Working on a task, wherever it is found: for oneself or as an assignment. Both have the same page and actions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from markupsafe import Markup
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hdl.sources import Source
from chiploom.hub import checking, work
from chiploom.hub.database.schema import Submission
from chiploom.hub.hub import Hub
from chiploom.hub.library import local
from chiploom.hub.pages.comparing import DRAFT, chosen_number, comparison
from chiploom.hub.pages.submissions import first_state, shown, state_fragment
from chiploom.hub.people.accounts import Person
from chiploom.hub.web import prose, turns
from chiploom.hub.web.asking import NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.limited import limited
from chiploom.hub.web.rendering import markdown, page
from chiploom.hub.work import KeptDraft, Place
from chiploom.tasks.model import Task

_Files = Annotated[str, Form(max_length=work.LONGEST_TEXT * 2)]


@dataclass(frozen=True, slots=True)
class Address:
    """A place with the address of its page, with which those of its actions begin."""

    place: Place
    where: str

    @property
    def chosen(self) -> dict[str, object]:
        """What the address says besides: the variant, where it was not given but chosen."""
        is_chosen = self.place.variant is not None and self.place.assignment_id is None
        return {"variant": self.place.variant} if is_chosen else {}

    def at(self, action: str = "", **parameters: object) -> str:
        """Return the address of the page or of one of its actions."""
        query = urlencode({**parameters, **self.chosen})
        return f"{self.where}{action}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Here(Address):
    """Where somebody works now, and what lets a submission in, as :func:`chiploom.hub.work.hand_in` takes it."""

    task: Task
    admit: Callable[[Session], datetime] | None = None


#: Finds where somebody works, if they may work there now.
Find = Callable[[], Here]


class Files(BaseModel):
    """What the editor sends."""

    files: list[tuple[str, str]] = Field(min_length=1, max_length=work.MOST_FILES)
    revision: int = 0

    def sources(self) -> list[Source]:
        """Return the files, refused if they are not what an editor sends."""
        sources = [Source(name, text) for name, text in self.files]
        work.check_files(sources)
        return sources


def add_actions(router: APIRouter, address: str, finding: Callable[..., Awaitable[Find]]) -> None:
    """Add the routes of what is done on the page of a task.

    Parameters
    ----------
    address : str
        Of the page, with which theirs begin.
    finding : callable
        A dependency that takes the address apart. What it returns is called in the thread of the route, since it asks
        the database.
    """
    at: Find = Depends(finding)

    @router.post(address + "/check", dependencies=[limited("check")])
    async def check(
        request: Request, hub: TheHub, person: SignedIn, words: Words, files: _Files, find: Find = at
    ) -> Response:
        """Accept a submission; answer with its verdict if that comes at once, or with what renews itself until then."""

        def accept() -> int:
            here = find()
            return work.hand_in(hub, person, here.place, here.task, files_of(files), here.admit)

        number = await run_in_threadpool(accept)
        turns.end(request)
        return await first_state(request, hub, person, words, number)

    @router.put(address + "/draft")
    def save_draft(hub: TheHub, person: SignedIn, sent: Files, find: Find = at) -> Response:
        """Keep what is in the editor."""
        here = find()
        sources = sent.sources()
        with hub.database.noting() as session:
            revision = work.save_draft(session, person, here.place, sources, sent.revision, hub.settings.time_zone)
        return JSONResponse({"revision": revision})

    @router.post(address + "/continue")
    def go_on_from(
        hub: TheHub,
        person: SignedIn,
        submission: Annotated[int | None, Form()] = None,
        kept: Annotated[int | None, Form()] = None,
        find: Find = at,
    ) -> Response:
        """Put an earlier state into the editor; what is in it now is kept in the history."""
        here = find()
        with hub.database.writing() as session:
            earlier = _earlier(session, person, here.place, submission, kept)
            work.replace_draft(session, person, here.place, earlier.files)
        return RedirectResponse(here.at(said="continued"), 303)

    @router.post(address + "/diagnose", dependencies=[limited("diagnose")])
    def diagnose(hub: TheHub, person: SignedIn, words: Words, sent: Files, find: Find = at) -> Response:
        """Say what the compiler says, while somebody types."""
        found = checking.diagnose(hub, find().task, sent.sources(), person.subject, words.language)
        return JSONResponse({"diagnostics": found.findings, "complete": found.is_complete})

    @router.post(address + "/run", dependencies=[limited("run")])
    def run(
        request: Request,
        hub: TheHub,
        person: SignedIn,
        words: Words,
        files: _Files,
        stimulus: Annotated[str, Form(max_length=100_000)],
        find: Find = at,
    ) -> Response:
        """Simulate the design on this person's own inputs; no verdict, and no attempt."""
        task = find().task
        sources = files_of(files)
        work.check_files(sources)
        verdict = checking.run(hub.bench, task, sources, checking.stimulus(stimulus), person.subject)
        return page(request, "_run.html", words, person, verdict=verdict, **shown(verdict, words))

    @router.post(address + "/hints/{hint_number}")
    def hint(
        request: Request, hub: TheHub, person: SignedIn, words: Words, hint_number: int, find: Find = at
    ) -> Response:
        """Open the next hint, which is written down; in an exam there are none."""
        here = find()
        require_hints(here.place)
        with hub.database.writing() as session:
            work.use_hint(session, person, here.place, here.task, hint_number)
            hints = _hints(session, person, here, words)
        return page(request, "_hints.html", words, person, here=here, task=here.task, place=here.place, hints=hints)


def lab_page(
    request: Request, hub: Hub, person: Person, words: Wording, here: Here, said: str, **more: Any
) -> Response:
    """Return the page of a task with what this person last had in the editor."""
    task, place = here.task, here.place
    with hub.database.reading() as session:
        draft = work.draft_of(session, person, place)
        hints = _hints(session, person, here, words)
        history = work.history(session, person.id, place)
        kept = work.kept_drafts(session, person, place)
        last = session.get_one(Submission, history[0].id) if history else None
    starter = starter_files(task)
    return page(
        request,
        "lab.html",
        words,
        person,
        here=here,
        task=task,
        pack=hub.library.packs[place.pack_id],
        place=place,
        statement=prose.statement(local(task.statement, words.language), task.diagrams),
        files=starter if draft is None else draft.files,
        starter=starter,
        revision=0 if draft is None else draft.revision,
        hints=hints,
        history=history,
        kept=kept,
        said=said if said == "continued" else "",
        last=None if last is None else state_fragment(request, hub, person, words, last),
        **more,
    )


def earlier_page(
    request: Request,
    hub: Hub,
    person: Person,
    words: Wording,
    here: Address,
    *,
    submission: int | None,
    kept: int | None = None,
    against: str = "",
    is_open: bool = True,
) -> Response:
    """Return the page of an earlier submission or draft, for reading.

    Parameters
    ----------
    against : str
        With what it is compared: ``draft``, the number of a submission, or nothing.
    is_open : bool
        Whether somebody may still work here, and so continue from it.
    """
    place = here.place
    with hub.database.reading() as session:
        earlier = _earlier(session, person, place, submission, kept)
        history = work.history(session, person.id, place)
        draft = work.draft_of(session, person, place) if is_open else None
        other = draft.files if draft is not None and against == DRAFT else None
        if (number := chosen_number(against)) is not None:
            other = work.submission_of(session, person.id, place, number).files
    row = earlier if isinstance(earlier, Submission) else None
    hidden = {"kept": kept} if row is None else {"submission": submission}
    return page(
        request,
        "earlier.html",
        words,
        person,
        here=here,
        title=hub.library.title(place.pack_id, place.task_id),
        row=row,
        kept=None if row is not None else earlier,
        files=earlier.files,
        is_open=is_open,
        comparison=comparison(
            here.where,
            {**hidden, **here.chosen},
            submission,
            earlier.files,
            history,
            against,
            other,
            has_draft=draft is not None,
        ),
        verdict=None if row is None else state_fragment(request, hub, person, words, row),
    )


def require_hints(place: Place) -> None:
    """Refuse hints where there are none.

    Raises
    ------
    UsageError
        ``no-hints``.
    """
    if place.is_exam:
        raise UsageError("no-hints", "an exam has no hints")


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


def _hints(session: Session, person: Person, here: Here, words: Wording) -> list[Markup]:
    opened = work.hints_used(session, person.id, here.place)
    return [markdown(local(here.task.hints[number - 1], words.language)) for number in sorted(opened)]


def _earlier(
    session: Session, person: Person, place: Place, submission: int | None, kept: int | None
) -> Submission | KeptDraft:
    """Return a submission or a kept draft of this place."""
    if submission is not None:
        return work.submission_of(session, person.id, place, submission)
    for draft in work.kept_drafts(session, person, place):
        if draft.number == kept:
            return draft
    raise NotFoundError
