"""One task written in the browser: it makes a pack, or a higher version of one, which is examined like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.hub.database.schema import PackUpload
from chiploom.hub.hub import Hub
from chiploom.hub.library import version_key
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import uploading, writing
from chiploom.hub.teaching.writing import Files, UnfinishedError, WrittenTask
from chiploom.hub.web import prose
from chiploom.hub.web.asking import NotFoundError, Teacher, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.rendering import page
from chiploom.tasks.load import KINDS, TRACKS

router = APIRouter(prefix="/teach")

#: Empty fields that are offered beyond those that are filled.
_SLOTS = {"alternatives": 2, "broken": 3}


@router.get("/tasks/new")
def new(request: Request, hub: TheHub, person: Teacher, words: Words, pack: int = 0) -> Response:
    """Show the empty form, for a pack of its own or for one that is there."""
    row = _base(hub, person, pack)
    return _form(request, person, words, WrittenTask(base=pack), row, {})


@router.get("/packs/{number}/tasks/{task_id}")
def change(request: Request, hub: TheHub, person: Teacher, words: Words, number: int, task_id: str) -> Response:
    """Show the form of a task of an upload, with what the admission test found beside its fields."""
    row = _base(hub, person, number)
    if row is None:
        raise NotFoundError
    try:
        sent = writing.task_of_files(_files(hub, row), task_id, number)
    except KeyError:
        raise NotFoundError from None
    problems: dict[str, str] = {}
    for report in row.reports:
        for finding in report["findings"] if report["task"] == task_id else ():
            problems.setdefault(writing.field_of_subject(finding["subject"]) or finding["subject"], finding["problem"])
    return _form(request, person, words, sent, row, problems)


@router.post("/tasks")
def save(
    request: Request, hub: TheHub, person: Teacher, words: Words, sent: Annotated[WrittenTask, Form()]
) -> Response:
    """Make the pack and have it examined; show the form again where that is not possible."""
    row = _base(hub, person, sent.base)
    try:
        files = writing.pack_files(sent, {} if row is None else _files(hub, row), _version(hub, row))
        number = uploading.upload(hub, person, writing.archive_of(files)).id
    except UnfinishedError as error:
        return _form(request, person, words, sent, row, error.problems)
    except UsageError as error:
        message = words(f"error-{error.code}") if words.has(f"error-{error.code}") else error.message
        if error.code == "pack-malformed":
            message = error.message
        return _form(request, person, words, sent, row, {writing.field_of(error.message, sent.id): message})
    return RedirectResponse(f"/teach/packs/{number}", 303)


@router.post("/tasks/preview/{language}")
def preview(person: Teacher, language: str, sent: Annotated[WrittenTask, Form()]) -> Response:
    """Return a statement as learners will see it."""
    if language not in messages.LANGUAGES:
        raise NotFoundError
    return Response(prose.statement(sent.texts("statement")[language], {}), media_type="text/html")


def _base(hub: Hub, person: Person, number: int) -> PackUpload | None:
    if number == 0:
        return None
    with hub.database.reading() as session:
        return uploading.readable(session, person, number)


def _files(hub: Hub, row: PackUpload) -> Files:
    return writing.files_in(hub.admissions.folder(row.directory))


def _version(hub: Hub, row: PackUpload | None) -> str:
    """Return the version of the pack with the task in it.

    Raises
    ------
    UsageError
        ``pack-moved-on``: somebody else made a newer version meanwhile, which would lose what they added.
    """
    if row is None:
        return "1.0.0"
    present = hub.library.packs.get(row.pack_id)
    if present is None:
        return row.version
    if version_key(row.version) < version_key(present.version):
        raise UsageError("pack-moved-on", f"pack {row.pack_id!r} is here in version {present.version}; begin from that")
    is_free = version_key(row.version) > version_key(present.version)
    return row.version if is_free else writing.following_version(row.version)


def _form(
    request: Request,
    person: Person,
    words: Wording,
    sent: WrittenTask,
    row: PackUpload | None,
    problems: Mapping[str, str],
) -> Response:
    examples = {
        kind: [*getattr(sent, kind), *[""] * max(1, fewest - len(getattr(sent, kind)))]
        for kind, fewest in _SLOTS.items()
    }
    worded = {
        field: words(f"teach.task-problem-{problem}") if problem in ("empty", "identifier", "ports") else problem
        for field, problem in problems.items()
    }
    return page(
        request,
        "teach-task.html",
        words,
        person,
        422 if problems and request.method == "POST" else 200,
        sent=sent,
        row=row,
        problems=worded,
        examples=examples,
        kinds=KINDS,
        tracks=TRACKS,
        hints=writing.HINTS,
    )
