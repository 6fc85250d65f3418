"""Tasks that anybody may work on, and what is done with one before it is handed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from chiploom.hub.api import working
from chiploom.hub.api.answers import DraftShown, Findings, Hints, Revision, RunShown, TaskListed, TaskShown
from chiploom.hub.api.asking import Identifier, Number, Reader, Submitter, Variant
from chiploom.hub.api.working import DraftSent, Files, RunSent
from chiploom.hub.pages.lab import find
from chiploom.hub.web.asking import TheHub, Words
from chiploom.hub.web.limited import limited

router = APIRouter(prefix="/tasks", tags=["tasks"])


@router.get("")
def list_tasks(
    hub: TheHub, person: Reader, words: Words, track: Annotated[str, Query(max_length=32)] = ""
) -> list[TaskListed]:
    """All tasks this person may work on, in teaching order."""
    packs = [pack for pack in hub.library.packs if pack in hub.library.open_packs or person.teaches]
    return [
        TaskListed(**working.task_listed(task, words.language))
        for pack in packs
        for task in hub.library.tasks(pack)
        if track in ("", task.track)
    ]


@router.get("/{pack}/{task_id}")
def show(
    hub: TheHub, person: Reader, words: Words, pack: Identifier, task_id: Identifier, variant: Variant = None
) -> TaskShown:
    """A task: statement, interface, starter. Its reference is not told."""
    task, place = find(hub, person, pack, task_id, variant)
    return working.task_shown(hub, person, words.language, task, place)


@router.get("/{pack}/{task_id}/draft")
def show_draft(
    hub: TheHub, person: Reader, pack: Identifier, task_id: Identifier, variant: Variant = None
) -> DraftShown:
    """What this person last had in the editor; the starter if nothing was saved."""
    task, place = find(hub, person, pack, task_id, variant)
    return working.draft_shown(hub, person, task, place)


@router.put("/{pack}/{task_id}/draft")
def save_draft(
    hub: TheHub, person: Submitter, sent: DraftSent, pack: Identifier, task_id: Identifier, variant: Variant = None
) -> Revision:
    """Save what is in the editor, unless another window saved since."""
    _, place = find(hub, person, pack, task_id, variant)
    return working.saved(hub, person, place, sent)


@router.get("/{pack}/{task_id}/hints")
def show_hints(hub: TheHub, person: Reader, words: Words, pack: Identifier, task_id: Identifier) -> Hints:
    """The hints opened so far."""
    task, place = find(hub, person, pack, task_id, None)
    return working.hints_shown(hub, person, words.language, task, place)


@router.post("/{pack}/{task_id}/hints/{number}")
def open_hint(
    hub: TheHub, person: Submitter, words: Words, pack: Identifier, task_id: Identifier, number: Number
) -> Hints:
    """Open the next hint, which is written down."""
    task, place = find(hub, person, pack, task_id, None)
    return working.hint_opened(hub, person, words.language, task, place, number)


@router.post("/{pack}/{task_id}/diagnose", dependencies=[limited("diagnose")])
def diagnose(
    hub: TheHub,
    person: Submitter,
    words: Words,
    sent: Files,
    pack: Identifier,
    task_id: Identifier,
    variant: Variant = None,
) -> Findings:
    """What the compiler says, without a verdict."""
    task, _ = find(hub, person, pack, task_id, variant)
    return working.diagnosed(hub, person, words.language, task, sent)


@router.post("/{pack}/{task_id}/run", dependencies=[limited("run")])
def run(
    hub: TheHub,
    person: Submitter,
    words: Words,
    sent: RunSent,
    pack: Identifier,
    task_id: Identifier,
    variant: Variant = None,
) -> RunShown:
    """Simulate a design on own inputs; no verdict."""
    task, _ = find(hub, person, pack, task_id, variant)
    return working.ran(hub, person, words, task, sent)
