"""Tasks, and what is done with one before it is handed in: drafts, hints, diagnostics, runs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chiploom.hdl.sources import Source
from chiploom.hub import checking, work
from chiploom.hub.api.answers import (
    DraftShown,
    File,
    Finding,
    Findings,
    Hint,
    Hints,
    PortShown,
    Revision,
    RunShown,
    TaskListed,
    TaskShown,
)
from chiploom.hub.api.asking import Identifier, Number, Reader, Submitter, Variant
from chiploom.hub.library import local
from chiploom.hub.pages.lab import find
from chiploom.hub.pages.submissions import shown
from chiploom.hub.web.asking import TheHub, Words
from chiploom.hub.web.limited import limited
from chiploom.tasks.model import Task

router = APIRouter(prefix="/tasks", tags=["tasks"])


class Files(BaseModel):
    """A design."""

    files: list[File] = Field(min_length=1, max_length=work.MOST_FILES)

    def sources(self) -> list[Source]:
        """Return the files, refused if they are not what can be handed in."""
        sources = [Source(file.name, file.text) for file in self.files]
        work.check_files(sources)
        return sources


class DraftSent(Files):
    """A design, and the revision it was made from; 0 if from none."""

    revision: int = Field(ge=0, lt=1 << 31, default=0)


class RunSent(Files):
    """A design and its inputs, as CSV or as WaveJSON."""

    stimulus: str = Field(max_length=100_000)


@router.get("")
def list_tasks(
    hub: TheHub, person: Reader, words: Words, track: Annotated[str, Query(max_length=32)] = ""
) -> list[TaskListed]:
    """All tasks this person may work on, in teaching order."""
    packs = [pack for pack in hub.library.packs if pack in hub.library.open_packs or person.teaches]
    return [
        TaskListed(**_listed(task, words.language))
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
    with hub.database.reading() as session:
        used = work.hints_used(session, person.id, place)
    return TaskShown(
        **_listed(task, words.language),
        pack_version=task.pack_version,
        variant=task.variant,
        top=task.top,
        clock=task.clock,
        statement=local(task.statement, words.language),
        ports=[
            PortShown(
                name=port.name,
                direction=port.direction,
                width=port.width,
                signed=port.signed,
                note=local(port.note, words.language),
            )
            for port in task.ports
        ],
        starter=[File(name=source.name, text=source.text) for source in task.starter],
        hints=len(task.hints),
        hints_used=len(used),
    )


@router.get("/{pack}/{task_id}/draft")
def show_draft(
    hub: TheHub, person: Reader, pack: Identifier, task_id: Identifier, variant: Variant = None
) -> DraftShown:
    """What this person last had in the editor; the starter if nothing was saved."""
    task, place = find(hub, person, pack, task_id, variant)
    with hub.database.reading() as session:
        draft = work.draft_of(session, person, place)
    if draft is None:
        return DraftShown(revision=0, files=[File(name=source.name, text=source.text) for source in task.starter])
    return DraftShown(revision=draft.revision, files=[File(name=name, text=text) for name, text in draft.files])


@router.put("/{pack}/{task_id}/draft")
def save_draft(
    hub: TheHub, person: Submitter, sent: DraftSent, pack: Identifier, task_id: Identifier, variant: Variant = None
) -> Revision:
    """Save what is in the editor, unless another window saved since."""
    _, place = find(hub, person, pack, task_id, variant)
    sources = sent.sources()
    with hub.database.writing() as session:
        revision = work.save_draft(session, person, place, sources, sent.revision, hub.settings.time_zone)
    return Revision(revision=revision)


@router.get("/{pack}/{task_id}/hints")
def show_hints(hub: TheHub, person: Reader, words: Words, pack: Identifier, task_id: Identifier) -> Hints:
    """The hints opened so far."""
    task, place = find(hub, person, pack, task_id, None)
    with hub.database.reading() as session:
        return _hints(task, work.hints_used(session, person.id, place), words.language)


@router.post("/{pack}/{task_id}/hints/{number}")
def open_hint(
    hub: TheHub, person: Submitter, words: Words, pack: Identifier, task_id: Identifier, number: Number
) -> Hints:
    """Open the next hint, which is written down."""
    task, place = find(hub, person, pack, task_id, None)
    with hub.database.writing() as session:
        work.use_hint(session, person, place, task, number)
        session.flush()
        opened = work.hints_used(session, person.id, place)
    return _hints(task, opened, words.language)


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
    found = checking.diagnose(hub.bench, task, sent.sources(), person.subject, words.language)
    return Findings(diagnostics=[Finding(**each) for each in found])


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
    verdict = checking.run(hub.bench, task, sent.sources(), checking.stimulus(sent.stimulus), person.subject)
    values = shown(verdict, words)
    return RunShown(
        outcome=verdict.outcome.value,
        reason=verdict.reason,
        diagnostics=[Finding(**each) for each in values["findings"]],
        trace=values["trace"],
    )


def _listed(task: Task, language: str) -> dict[str, Any]:
    return {
        "pack": task.pack_id,
        "id": task.id,
        "title": local(task.title, language),
        "kind": task.kind,
        "track": task.track,
        "level": task.level,
        "minutes": task.minutes,
        "skills": list(task.skills),
        "variants": task.variant_count,
    }


def _hints(task: Task, opened: frozenset[int], language: str) -> Hints:
    return Hints(
        count=len(task.hints),
        opened=[Hint(number=number, text=local(task.hints[number - 1], language)) for number in sorted(opened)],
    )
