"""A lecturer's assignments: setting, changing, extending them, and the misconceptions they bring to light."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, Class, Course
from chiploom.hub.hub import Hub
from chiploom.hub.pages.assignments import title_of
from chiploom.hub.pages.submissions import shown, verdict_of
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, clusters, courses
from chiploom.hub.teaching.assignments import Terms
from chiploom.hub.web.asking import Teacher, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.rendering import page

router = APIRouter(prefix="/teach")

_Text = Annotated[str, Form(max_length=500)]
_Choice = Annotated[str, Form(max_length=140)]
_Number = Annotated[int, Form()]
_PROCTORED: dict[str, bool | None] = {"": None, "yes": True, "no": False}


class AssignmentForm(BaseModel):
    """What the form of an assignment sends, and shows again where something is wrong with it."""

    task: str = Field(default="", max_length=140)
    mode: str = Field(default="practice", max_length=16)
    variants: bool = False
    opens_at: str = Field(default="", max_length=40)
    due_at: str = Field(default="", max_length=40)
    closes_at: str = Field(default="", max_length=40)
    late_percent_per_day: int = 0
    max_attempts: int = 0
    points: int = 100
    proctored: str = Field(default="", max_length=16)
    ai_use: str = Field(default="", max_length=16)

    def terms(self, zone: ZoneInfo) -> Terms:
        """Return what was sent as terms, which are still to be checked.

        Raises
        ------
        UsageError
            ``bad-moment`` or ``bad-choice``.
        """
        if self.proctored not in _PROCTORED:
            raise UsageError("bad-choice", f"{self.proctored!a} is none of the choices")
        pack_id, _, task_id = self.task.partition("/")
        due_at = assignments.parse_moment(self.due_at, zone)
        return Terms(
            pack_id=pack_id,
            task_id=task_id,
            mode=self.mode,
            variants=self.variants,
            opens_at=assignments.parse_moment(self.opens_at, zone),
            due_at=due_at,
            closes_at=assignments.parse_moment(self.closes_at, zone) if self.closes_at else due_at,
            late_percent_per_day=self.late_percent_per_day,
            max_attempts=self.max_attempts,
            points=self.points,
            proctored=_PROCTORED[self.proctored],
            ai_use=self.ai_use or None,
        )


@router.get("/classes/{number}/assignments/new")
def new(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show the empty form."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
    return _form(request, hub, person, words, found, course, None, AssignmentForm())


@router.post("/classes/{number}/assignments")
def make(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    sent: Annotated[AssignmentForm, Form()],
) -> Response:
    """Make an assignment."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
    return _saved(request, hub, person, words, found, course, None, sent)


@router.get("/assignments/{number}")
def show(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show an assignment with its form and extensions."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        found, course = courses.taught(session, person, row.class_id)
    return _form(request, hub, person, words, found, course, row, _form_of(row, words.zone))


@router.post("/assignments/{number}")
def change(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    sent: Annotated[AssignmentForm, Form()],
) -> Response:
    """Change an assignment."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        found, course = courses.taught(session, person, row.class_id)
    return _saved(request, hub, person, words, found, course, row, sent)


@router.post("/assignments/{number}/delete")
def delete(hub: TheHub, person: Teacher, number: int) -> Response:
    """Delete an assignment without work."""
    with hub.database.writing() as session:
        class_id = assignments.remove(session, person, number)
    return RedirectResponse(f"/teach/classes/{class_id}?said=removed", 303)


@router.post("/assignments/{number}/extensions")
def extend(
    hub: TheHub, person: Teacher, number: int, user_id: _Number, due_at: _Choice, closes_at: _Choice, reason: _Text
) -> Response:
    """Give one learner more time."""
    zone = ZoneInfo(hub.settings.time_zone)
    due, closes = (assignments.parse_moment(text, zone) for text in (due_at, closes_at or due_at))
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        assignments.extend(session, person, row, user_id, due, closes, reason)
    return RedirectResponse(f"/teach/assignments/{number}", 303)


@router.post("/assignments/{number}/extensions/{user_id}/remove")
def take_extension_back(hub: TheHub, person: Teacher, number: int, user_id: int) -> Response:
    """Take more time back."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        assignments.take_back(session, person, row, courses.row_id(user_id))
    return RedirectResponse(f"/teach/assignments/{number}", 303)


@router.get("/assignments/{number}/clusters")
def show_clusters(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show who fails alike, with one example each."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        found, course = courses.taught(session, person, row.class_id)
        all_clusters = clusters.of(session, row)
        examples = clusters.examples(session, all_clusters[: clusters.MOST_SHOWN])
        names = {member.id: member.shown for member in courses.members(session, row.class_id)}
    items = []
    for cluster in all_clusters[: clusters.MOST_SHOWN]:
        example = examples[cluster.example_id]
        verdict = verdict_of(hub, example)
        values = {"findings": [], "trace": None} if verdict is None else shown(verdict, words)
        items.append((cluster, example, [names[user] for user in cluster.learner_ids], values))
    return page(
        request,
        "teach-clusters.html",
        words,
        person,
        found=found,
        course=course,
        row=row,
        title=title_of(hub, row),
        items=items,
        more=len(all_clusters) - len(items),
    )


@router.post("/assignments/{number}/clusters/{cluster}/comments")
def comment(
    hub: TheHub, person: Teacher, number: int, cluster: str, text: Annotated[str, Form(max_length=10_000)]
) -> Response:
    """Say something to all who fail alike."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        clusters.comment(session, person, row, cluster, text)
    return RedirectResponse(f"/teach/assignments/{number}/clusters", 303)


@router.post("/assignments/{number}/comments/{comment_id}/remove")
def remove_comment(hub: TheHub, person: Teacher, number: int, comment_id: int) -> Response:
    """Take a comment back."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        clusters.remove_comment(session, person, row, comment_id)
    return RedirectResponse(f"/teach/assignments/{number}/clusters", 303)


def _form_of(row: Assignment, zone: ZoneInfo) -> AssignmentForm:
    return AssignmentForm(
        task=f"{row.pack_id}/{row.task_id}",
        mode=row.mode,
        variants=row.variants,
        opens_at=assignments.local_text(row.opens_at, zone),
        due_at=assignments.local_text(row.due_at, zone),
        closes_at=assignments.local_text(row.closes_at, zone),
        late_percent_per_day=row.late_percent_per_day,
        max_attempts=row.max_attempts,
        points=row.points,
        proctored={value: name for name, value in _PROCTORED.items()}[row.proctored],
        ai_use=row.ai_use or "",
    )


def _saved(
    request: Request,
    hub: Hub,
    person: Person,
    words: Wording,
    found: Class,
    course: Course,
    row: Assignment | None,
    sent: AssignmentForm,
) -> Response:
    """Make an assignment (``row`` is None) or change one; return the form where that is not possible."""
    try:
        terms = sent.terms(words.zone)
        with hub.database.writing() as session:
            if row is None:
                assignments.make(session, hub.library, person, found.id, terms)
            else:
                assignments.change(session, hub.library, person, row.id, terms)
    except UsageError as error:
        return _form(request, hub, person, words, found, course, row, sent, error)
    return RedirectResponse(f"/teach/classes/{found.id}?said={'made' if row is None else 'saved'}", 303)


def _form(
    request: Request,
    hub: Hub,
    person: Person,
    words: Wording,
    found: Class,
    course: Course,
    row: Assignment | None,
    sent: AssignmentForm,
    error: UsageError | None = None,
) -> Response:
    """Return the form of a new assignment (``row`` is None) or of one that there is, with its extensions."""
    with hub.database.reading() as session:
        learners = courses.members(session, found.id)
        extensions = assignments.extensions(session, [] if row is None else [row.id])
        has_work = row is not None and assignments.submissions(session, row.id) > 0
    by_person = {user_id: extension for (_, user_id), extension in extensions.items()}
    message = ""
    if error is not None:
        message = words(f"error-{error.code}") if words.has(f"error-{error.code}") else error.message
    return page(
        request,
        "teach-assignment.html",
        words,
        person,
        200 if error is None else 422,
        found=found,
        course=course,
        row=row,
        title=None if row is None else title_of(hub, row),
        sent=sent,
        error=message,
        packs=[(pack, list(hub.library.tasks(pack.id))) for pack in hub.library.packs.values()],
        open_packs=hub.library.open_packs,
        ai_uses=assignments.AI_USES,
        learners=learners,
        extended=[(member, by_person[member.id]) for member in learners if member.id in by_person],
        has_work=has_work,
        zone=words.zone.key,
    )
