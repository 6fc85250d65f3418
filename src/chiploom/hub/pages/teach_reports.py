"""What a lecturer sees of a class: live progress, submissions, the gradebook, practice, and oral-defence sheets."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from chiploom.errors import UsageError
from chiploom.hub import work
from chiploom.hub.database.schema import Assignment, Submission
from chiploom.hub.hub import Hub
from chiploom.hub.library import local
from chiploom.hub.pages.assignments import title_of
from chiploom.hub.pages.comparing import chosen_number, comparison
from chiploom.hub.pages.submissions import state_fragment, verdict_of
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import assignments, clock, courses, defence, gradebook, practice, spreadsheet, taking
from chiploom.hub.teaching.courses import Member
from chiploom.hub.teaching.gradebook import Book
from chiploom.hub.web.asking import NotFoundError, Teacher, TheHub, Words
from chiploom.hub.web.language import Wording
from chiploom.hub.web.rendering import page
from chiploom.hub.work import Place

router = APIRouter(prefix="/teach")

_Text = Annotated[str, Form(max_length=500)]


@router.get("/classes/{number}/progress")
def progress(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show who stands where; the table renews itself."""
    return _book_page(request, hub, person, words, number, "teach-progress.html")


@router.get("/classes/{number}/progress/table")
def progress_table(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Return the table alone."""
    return _book_page(request, hub, person, words, number, "_teach-progress.html")


@router.get("/classes/{number}/gradebook")
def show_gradebook(request: Request, hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Show the points."""
    return _book_page(request, hub, person, words, number, "teach-gradebook.html")


@router.get("/classes/{number}/gradebook.csv")
def gradebook_csv(hub: TheHub, person: Teacher, words: Words, number: int) -> Response:
    """Return the points for a spreadsheet program."""
    with hub.database.reading() as session:
        courses.taught(session, person, number)
        table = gradebook.book(session, number)
    heading: list[spreadsheet.Value] = [words("login"), words("name")]
    heading += [f"{local(title_of(hub, row), words.language)} ({row.points})" for row in table.assignments]
    rows: list[list[spreadsheet.Value]] = [[*heading, words("teach.total-of", points=table.most)]]
    for member in table.learners:
        points = [table.cells[(member.id, row.id)].points for row in table.assignments]
        rows.append([member.login, member.name, *points, table.total(member.id)])
    return _csv(spreadsheet.write(rows, words.language), f"class-{number}-gradebook.csv")


@router.get("/classes/{number}/learners/{user_id}")
def learner(request: Request, hub: TheHub, person: Teacher, words: Words, number: int, user_id: int) -> Response:
    """Show what one learner handed in for the assignments of the class."""
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        member = courses.learner(session, number, user_id)
        rows = assignments.of_class(session, number)
        handed_in = session.execute(
            select(Submission.id, Submission.assignment_id, Submission.created_at, Submission.outcome)
            .where(Submission.user_id == user_id, Submission.assignment_id.in_([row.id for row in rows]))
            .order_by(Submission.id.desc())
            .limit(500)
        ).all()
    return page(
        request,
        "teach-learner.html",
        words,
        person,
        found=found,
        course=course,
        member=member,
        items=[(row, title_of(hub, row), [item for item in handed_in if item.assignment_id == row.id]) for row in rows],
    )


@router.get("/submissions/{number}")
def submission(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    against: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the code and the verdict of a submission for one of this person's classes, or what changed since another."""
    with hub.database.reading() as session:
        row, assignment, member = taught_submission(session, person, number)
        found, course = courses.taught(session, person, assignment.class_id)
        place = Place(row.pack_id, row.task_id, row.variant, row.assignment_id)
        history = work.history(session, row.user_id, place)
        chosen = chosen_number(against)
        other = None if chosen is None else work.submission_of(session, row.user_id, place, chosen).files
    return page(
        request,
        "teach-submission.html",
        words,
        person,
        found=found,
        course=course,
        member=member,
        row=row,
        title=title_of(hub, assignment),
        files=row.files,
        comparison=comparison(f"/teach/submissions/{number}", {}, number, row.files, history, against, other),
        verdict=None if row.verdict is None else state_fragment(request, hub, person, words, row),
    )


@router.get("/assignments/{number}/learners/{user_id}")
def points(request: Request, hub: TheHub, person: Teacher, words: Words, number: int, user_id: int) -> Response:
    """Show one learner's points for one assignment, and the form that overrides them."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        found, course = courses.taught(session, person, row.class_id)
        member = courses.learner(session, row.class_id, user_id)
        cell = gradebook.book(session, row.class_id).cells[(user_id, number)]
    return page(
        request,
        "teach-points.html",
        words,
        person,
        found=found,
        course=course,
        member=member,
        row=row,
        title=title_of(hub, row),
        cell=cell,
    )


@router.post("/assignments/{number}/learners/{user_id}/points")
def give_points(
    hub: TheHub, person: Teacher, number: int, user_id: int, points: Annotated[str, Form(max_length=20)], reason: _Text
) -> Response:
    """Override the computed points."""
    try:
        given = float(points.replace(",", "."))
    except ValueError:
        raise UsageError("bad-points", f"{points[:20]!a} is not a number") from None
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        gradebook.give(session, person, row, user_id, given, reason)
    return RedirectResponse(f"/teach/classes/{row.class_id}/gradebook", 303)


@router.post("/assignments/{number}/learners/{user_id}/points/remove")
def take_points_back(hub: TheHub, person: Teacher, number: int, user_id: int) -> Response:
    """Let the computed points count again."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        gradebook.take_back(session, person, row, user_id)
    return RedirectResponse(f"/teach/classes/{row.class_id}/gradebook", 303)


@router.get("/assignments/{number}/learners/{user_id}/defence")
def defence_sheet(request: Request, hub: TheHub, person: Teacher, words: Words, number: int, user_id: int) -> Response:
    """Show the sheet for an oral defence, to be printed."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        if row.mode != "exam":
            raise NotFoundError
        found, course = courses.taught(session, person, row.class_id)
        member = courses.learner(session, row.class_id, user_id)
        rows = defence.history(session, row, user_id)
        opened = defence.hints(session, row, user_id)
    task = taking.task_of(hub.library, row, member.subject)
    tries = [defence.Try(item, verdict_of(hub, item)) for item in rows]
    return page(
        request,
        "teach-defence.html",
        words,
        person,
        found=found,
        course=course,
        member=member,
        row=row,
        task=task,
        submission=defence.defended(rows),
        count=len(rows),
        questions=defence.questions(tries, task, opened, words.language),
        printed_at=clock.now(),
    )


@router.get("/classes/{number}/practice")
def show_practice(
    request: Request,
    hub: TheHub,
    person: Teacher,
    words: Words,
    number: int,
    first: str = "",
    last: str = "",
    tasks: str = "",
    programme: float = 0.0,
) -> Response:
    """Show recorded minutes of practice, as credits if the lecturer says how many minutes one is."""
    span = practice.Span(practice.check_day(first), practice.check_day(last), tasks != "open")
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        report = practice.report(session, found, span, hub.library.open_packs)
    programme = programme if 0 < programme <= 1000 else 0.0
    shares = {member.id: practice.share(report.credits(member.id), programme) for member in report.learners}
    return page(
        request,
        "teach-practice.html",
        words,
        person,
        found=found,
        course=course,
        report=report,
        span=span,
        programme=programme,
        shares=shares,
        standard=practice.DECISION_1314,
        standard_day=words.day(datetime.combine(practice.DECISION_1314.day, time(12), words.zone)),
        titles=[hub.library.title(*task) for task in report.tasks],
    )


@router.get("/classes/{number}/practice.csv")
def practice_csv(
    hub: TheHub, person: Teacher, words: Words, number: int, first: str = "", last: str = "", tasks: str = ""
) -> Response:
    """Return the minutes for a spreadsheet program, one line for each learner and task."""
    span = practice.Span(practice.check_day(first), practice.check_day(last), tasks != "open")
    with hub.database.reading() as session:
        found, _ = courses.taught(session, person, number)
        report = practice.report(session, found, span, hub.library.open_packs)
    heading = [words(code) for code in ("login", "name", "teach.task", "teach.minutes", "teach.credits")]
    rows: list[list[spreadsheet.Value]] = [[*heading]]
    for member in report.learners:
        for task in report.tasks:
            minutes = report.minutes.get((member.id, task), 0)
            if minutes:
                credits = practice.credits_of(minutes, report.minutes_per_credit)
                rows.append(
                    [member.login, member.name, "/".join(task), minutes, "" if credits is None else round(credits, 4)]
                )
    rows.append([words("teach.practice-no-statement", document=practice.DECISION_1314.document)])
    return _csv(spreadsheet.write(rows, words.language), f"class-{number}-practice.csv")


@router.post("/classes/{number}/practice")
def set_minutes(hub: TheHub, person: Teacher, number: int, minutes_per_credit: Annotated[int, Form()]) -> Response:
    """Say how many minutes of practice are a credit."""
    with hub.database.writing() as session:
        practice.set_minutes_per_credit(session, person, number, minutes_per_credit)
    return RedirectResponse(f"/teach/classes/{number}/practice", 303)


def taught_submission(session: Session, person: Person, number: int) -> tuple[Submission, Assignment, Member]:
    """Return a submission for an assignment of a class that a person teaches, by a learner who is in that class.

    Raises
    ------
    NotFoundError, UsageError
        ``not-found``.
    """
    row = session.get(Submission, courses.row_id(number))
    if row is None or row.assignment_id is None:
        raise NotFoundError
    assignment = assignments.taught_assignment(session, person, row.assignment_id)
    return row, assignment, courses.learner(session, assignment.class_id, row.user_id)


def _book_page(request: Request, hub: Hub, person: Person, words: Wording, number: int, template: str) -> Response:
    with hub.database.reading() as session:
        found, course = courses.taught(session, person, number)
        table: Book = gradebook.book(session, number)
    return page(
        request,
        template,
        words,
        person,
        found=found,
        course=course,
        book=table,
        titles=[title_of(hub, row) for row in table.assignments],
        now=clock.now(),
    )


def _csv(data: bytes, name: str) -> Response:
    return Response(
        data, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
