"""What is done with a task before it is handed in, for oneself or as an assignment: drafts, hints, runs."""

from __future__ import annotations

from typing import Any

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
    TaskShown,
)
from chiploom.hub.hub import Hub
from chiploom.hub.library import local
from chiploom.hub.pages.submissions import shown
from chiploom.hub.people.accounts import Person
from chiploom.hub.web.language import Wording
from chiploom.hub.work import Place
from chiploom.tasks.model import Task


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


def task_listed(task: Task, language: str) -> dict[str, Any]:
    """Return what a list tells of a task."""
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


def task_shown(hub: Hub, person: Person, language: str, task: Task, place: Place) -> TaskShown:
    """Return all that a learner may see of a task."""
    with hub.database.reading() as session:
        used = work.hints_used(session, person.id, place)
    return TaskShown(
        **task_listed(task, language),
        pack_version=task.pack_version,
        variant=task.variant,
        top=task.top,
        clock=task.clock,
        statement=local(task.statement, language),
        ports=[
            PortShown(
                name=port.name,
                direction=port.direction,
                width=port.width,
                signed=port.signed,
                note=local(port.note, language),
            )
            for port in task.ports
        ],
        starter=_files(task),
        hints=0 if place.is_exam else len(task.hints),
        hints_used=len(used),
    )


def draft_shown(hub: Hub, person: Person, task: Task, place: Place) -> DraftShown:
    """Return what somebody last had in the editor; the starter if nothing was saved."""
    with hub.database.reading() as session:
        draft = work.draft_of(session, person, place)
    if draft is None:
        return DraftShown(revision=0, files=_files(task))
    return DraftShown(revision=draft.revision, files=[File(name=name, text=text) for name, text in draft.files])


def saved(hub: Hub, person: Person, place: Place, sent: DraftSent) -> Revision:
    """Save what is in the editor, unless another window saved since."""
    sources = sent.sources()
    with hub.database.writing() as session:
        revision = work.save_draft(session, person, place, sources, sent.revision, hub.settings.time_zone)
    return Revision(revision=revision)


def hints_shown(hub: Hub, person: Person, language: str, task: Task, place: Place) -> Hints:
    """Return the hints opened so far."""
    with hub.database.reading() as session:
        opened = work.hints_used(session, person.id, place)
    return Hints(
        count=len(task.hints),
        opened=[Hint(number=number, text=local(task.hints[number - 1], language)) for number in sorted(opened)],
    )


def hint_opened(hub: Hub, person: Person, language: str, task: Task, place: Place, number: int) -> Hints:
    """Open the next hint, which is written down."""
    with hub.database.writing() as session:
        work.use_hint(session, person, place, task, number)
    return hints_shown(hub, person, language, task, place)


def diagnosed(hub: Hub, person: Person, language: str, task: Task, sent: Files) -> Findings:
    """Return what the compiler says, without a verdict."""
    found = checking.diagnose(hub, task, sent.sources(), person.subject, language)
    return Findings(diagnostics=[Finding(**each) for each in found.findings], complete=found.is_complete)


def ran(hub: Hub, person: Person, words: Wording, task: Task, sent: RunSent) -> RunShown:
    """Simulate a design on own inputs; no verdict."""
    verdict = checking.run(hub.bench, task, sent.sources(), checking.stimulus(sent.stimulus), person.subject)
    values = shown(verdict, words)
    return RunShown(
        outcome=verdict.outcome.value,
        reason=verdict.reason,
        diagnostics=[Finding(**each) for each in values["findings"]],
        trace=values["trace"],
    )


def _files(task: Task) -> list[File]:
    return [File(name=source.name, text=source.text) for source in task.starter]
