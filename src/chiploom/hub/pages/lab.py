"""The lab: one task, an editor, and what the engine says about what is in it, for oneself."""

from __future__ import annotations

import functools
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from chiploom.errors import UsageError
from chiploom.hub.hub import Hub
from chiploom.hub.pages.working import Find, Here, add_actions, earlier_page, lab_page
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock, taking
from chiploom.hub.web.asking import NotFoundError, SignedIn, TheHub, Words
from chiploom.hub.work import Place
from chiploom.tasks.model import Task

_ADDRESS = "/lab/{pack_id}/{task_id}"


async def _finding(hub: TheHub, person: SignedIn, pack_id: str, task_id: str, variant: int | None = None) -> Find:
    return functools.partial(_here, hub, person, pack_id, task_id, variant)


router = APIRouter()
add_actions(router, _ADDRESS, _finding)


@router.get(_ADDRESS)
def show(
    request: Request,
    hub: TheHub,
    person: SignedIn,
    words: Words,
    pack_id: str,
    task_id: str,
    find_here: Annotated[Find, Depends(_finding)],
    submission: int | None = None,
    kept: int | None = None,
    against: Annotated[str, Query(max_length=20)] = "",
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the task with what this person last had in the editor, or for reading what was there before."""
    here = find_here()
    if submission is not None or kept is not None:
        return earlier_page(request, hub, person, words, here, submission=submission, kept=kept, against=against)
    with hub.database.reading() as session:
        counting = taking.holding(session, person.id, clock.now(), pack_id, task_id)
    return lab_page(request, hub, person, words, here, said, counting=counting)


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
        if taking.sits_exam(connection, person.id, pack_id, task_id):
            raise UsageError("exam-running", "your exam on this task is open; it can be practised again after it")
    return hub.library.task(pack_id, task_id, variant), Place(pack_id, task_id, variant)


def _here(hub: Hub, person: Person, pack_id: str, task_id: str, variant: int | None) -> Here:
    task, place = find(hub, person, pack_id, task_id, variant)
    return Here(place, f"/lab/{pack_id}/{task_id}", task)
