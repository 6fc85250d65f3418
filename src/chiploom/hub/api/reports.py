"""What a lecturer sees of a class: submissions, points, practice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.responses import Response

from chiploom.hub.api.answers import File, Listed, listed
from chiploom.hub.api.asking import After, ApiLecturer, Most, Number
from chiploom.hub.api.teaching_answers import (
    CellShown,
    GradebookRow,
    PointsSent,
    PracticeRow,
    TaughtSubmission,
    TaughtSubmissionShown,
    cell_shown,
    practice_row,
)
from chiploom.hub.database.schema import Enrolment, Submission
from chiploom.hub.pages.submissions import verdict_of
from chiploom.hub.pages.teach_reports import taught_submission
from chiploom.hub.teaching import assignments, courses, gradebook, practice
from chiploom.hub.web.asking import TheHub, Words

router = APIRouter(prefix="/teach", tags=["teaching"])

_Day = Annotated[str, Query(max_length=10, description="ISO 8601; empty: without limit")]


@router.get("/classes/{number}/gradebook")
def show_gradebook(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[GradebookRow]:
    """Where every learner of a class stands with every assignment, in state and points."""
    with hub.database.reading() as session:
        courses.taught(session, person, number)
        book = gradebook.book(session, number)
    rows = [
        GradebookRow(
            person=member.id,
            login=member.login,
            name=member.name,
            total=book.total(member.id),
            most=book.most,
            cells=[cell_shown(row.id, book.cells[(member.id, row.id)]) for row in book.assignments],
        )
        for member in book.learners
    ]
    return listed(rows, after, limit)


@router.get("/assignments/{number}/learners/{user_id}/points")
def show_points(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number) -> CellShown:
    """One learner's points for one assignment."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        return cell_shown(number, gradebook.book(session, row.class_id).cells[(user_id, number)])


@router.put("/assignments/{number}/learners/{user_id}/points")
def give_points(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number, sent: PointsSent) -> CellShown:
    """Give points instead of the computed ones, with the reason."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        gradebook.give(session, person, row, user_id, sent.points, sent.reason)
        session.flush()
        return cell_shown(number, gradebook.book(session, row.class_id).cells[(user_id, number)])


@router.delete("/assignments/{number}/learners/{user_id}/points", status_code=204)
def take_points_back(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number) -> Response:
    """Let the computed points count again."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        gradebook.take_back(session, person, row, user_id)
    return Response(status_code=204)


@router.get("/assignments/{number}/submissions")
def list_submissions(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[TaughtSubmission]:
    """What the learners of the class handed in for an assignment, the oldest first."""
    with hub.database.reading() as session:
        row = assignments.taught_assignment(session, person, number)
        rows = session.scalars(
            select(Submission)
            .join(Enrolment, (Enrolment.user_id == Submission.user_id) & (Enrolment.class_id == row.class_id))
            .where(Submission.assignment_id == number, Submission.id > after, Enrolment.role == "learner")
            .order_by(Submission.id)
            .limit(limit + 1)
        ).all()
    return Listed(
        items=[TaughtSubmission(**_listed(row)) for row in rows[:limit]],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/submissions/{number}")
def show_submission(hub: TheHub, person: ApiLecturer, words: Words, number: Number) -> TaughtSubmissionShown:
    """A submission for an assignment of one of this person's classes, with its files and verdict."""
    with hub.database.reading() as session:
        row, _, _ = taught_submission(session, person, number)
    verdict = verdict_of(hub, row)
    return TaughtSubmissionShown(
        **_listed(row),
        files=[File(name=name, text=text) for name, text in row.files],
        verdict=None if verdict is None else verdict.as_json(words.language),
    )


@router.get("/classes/{number}/practice")
def show_practice(
    hub: TheHub,
    person: ApiLecturer,
    number: Number,
    first: _Day = "",
    last: _Day = "",
    assigned_only: Annotated[bool, Query(description="without tasks of open packs done for oneself")] = True,
    after: After = 0,
    limit: Most = 50,
) -> Listed[PracticeRow]:
    """Recorded minutes of practice of every learner of a class."""
    span = practice.Span(practice.check_day(first), practice.check_day(last), assigned_only)
    with hub.database.reading() as session:
        found, _ = courses.taught(session, person, number)
        report = practice.report(session, found, span, hub.library.open_packs)
    return listed([practice_row(report, member) for member in report.learners], after, limit)


def _listed(row: Submission) -> dict[str, Any]:
    return {
        "id": row.id,
        "assignment": row.assignment_id,
        "person": row.user_id,
        "created_at": row.created_at,
        "state": row.state,
        "outcome": row.outcome,
        "is_met": row.is_met,
    }
