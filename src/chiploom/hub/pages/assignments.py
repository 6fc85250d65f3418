"""The learner's side of assignments: the list, and the lab of one, inside its window only."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from chiploom.hub import work
from chiploom.hub.database.schema import Assignment
from chiploom.hub.hub import Hub
from chiploom.hub.pages.working import Address, Find, Here, add_actions, earlier_page, lab_page, require_hints
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock, taking
from chiploom.hub.teaching.taking import Given
from chiploom.hub.web.asking import SignedIn, TheHub, Words
from chiploom.hub.web.rendering import page
from chiploom.hub.work import Place
from chiploom.tasks.model import LocalText, Task

_ADDRESS = "/assignments/{number}"


async def _finding(hub: TheHub, person: SignedIn, number: int) -> Find:
    return functools.partial(_open, hub, person, number)


router = APIRouter()
add_actions(router, _ADDRESS, _finding)


@router.get(_ADDRESS)
def show(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    number: int,
    submission: int | None = None,
    kept: int | None = None,
    against: Annotated[str, Query(max_length=20)] = "",
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the lab while the assignment is open; before, when it opens, and after, what was handed in."""
    with hub.database.reading() as session:
        item = taking.given(session, person, number)
    phase = item.window.phase(clock.now())
    is_open = phase in ("open", "late")
    place = Place(item.row.pack_id, item.row.task_id, None, number, item.row.mode == "exam")
    if phase != "before" and (submission is not None or (kept is not None and is_open)):
        here = _open(hub, person, number) if is_open else Address(place, _where(number))
        return earlier_page(
            request, hub, person, words, here, submission=submission, kept=kept, against=against, is_open=is_open
        )
    if is_open:
        return lab_page(request, hub, person, words, _open(hub, person, number), said, given=item, phase=phase)
    with hub.database.reading() as session:
        history = work.history(session, person.id, place)
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
    return hub.library.title(row.pack_id, row.task_id, row.pack_version)


def open_place(hub: Hub, person: Person, number: int) -> tuple[Task, Place]:
    """Return what a learner may work on at this moment.

    Raises
    ------
    UsageError
        ``not-found``, ``assignment-not-open`` or ``assignment-closed``.
    """
    with hub.database.reading() as session:
        item = taking.given(session, person, number)
    taking.require_open(item, clock.now())
    return taking.task_and_place(hub.library, item, person)


def open_hints(hub: Hub, person: Person, number: int) -> tuple[Task, Place]:
    """Return what a learner may open the hints of at this moment.

    Raises
    ------
    UsageError
        ``no-hints``: it is an exam; or what :func:`open_place` raises.
    """
    task, place = open_place(hub, person, number)
    require_hints(place)
    return task, place


def _open(hub: Hub, person: Person, number: int) -> Here:
    task, place = open_place(hub, person, number)
    return Here(place, _where(number), task, functools.partial(taking.admit, person=person, number=number))


def _where(number: int) -> str:
    return f"/assignments/{number}"
