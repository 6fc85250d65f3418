"""Assignments of a class, extensions, and the misconceptions they bring to light, for lecturers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from chiploom.hub.api.answers import Listed, listed
from chiploom.hub.api.asking import After, ApiLecturer, Most, Number
from chiploom.hub.api.teaching_answers import (
    AssignmentSent,
    AssignmentShown,
    ClusterShown,
    CommentSent,
    CommentShown,
    ExtensionSent,
    ExtensionShown,
    assignment_shown,
    extension_shown,
)
from chiploom.hub.database.schema import ClusterComment, Extension
from chiploom.hub.teaching import assignments, clusters, courses
from chiploom.hub.web.asking import TheHub

router = APIRouter(prefix="/teach", tags=["teaching"])


@router.get("/classes/{number}/assignments")
def list_assignments(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[AssignmentShown]:
    """The assignments of a class, by when they are due."""
    with hub.database.reading() as session:
        courses.taught(session, person, number)
        rows = assignments.of_class(session, number)
    return listed([assignment_shown(row) for row in rows], after, limit)


@router.post("/classes/{number}/assignments", status_code=201)
def make(hub: TheHub, person: ApiLecturer, number: Number, sent: AssignmentSent) -> AssignmentShown:
    """Make an assignment."""
    with hub.database.writing() as session:
        return assignment_shown(assignments.make(session, hub.library, person, number, sent.terms()))


@router.get("/assignments/{number}")
def show(hub: TheHub, person: ApiLecturer, number: Number) -> AssignmentShown:
    """An assignment."""
    with hub.database.reading() as session:
        return assignment_shown(assignments.taught_assignment(session, person, number))


@router.put("/assignments/{number}")
def change(hub: TheHub, person: ApiLecturer, number: Number, sent: AssignmentSent) -> AssignmentShown:
    """Change an assignment; task, mode and variants stay once somebody handed in."""
    with hub.database.writing() as session:
        return assignment_shown(assignments.change(session, hub.library, person, number, sent.terms()))


@router.delete("/assignments/{number}", status_code=204)
def delete(hub: TheHub, person: ApiLecturer, number: Number) -> Response:
    """Delete an assignment for which nobody handed in anything."""
    with hub.database.writing() as session:
        assignments.remove(session, person, number)
    return Response(status_code=204)


@router.get("/assignments/{number}/extensions")
def list_extensions(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[ExtensionShown]:
    """Who has more time."""
    with hub.database.reading() as session:
        assignments.taught_assignment(session, person, number)
        rows = assignments.extensions(session, [number])
    return listed([extension_shown(rows[key]) for key in sorted(rows)], after, limit)


@router.put("/assignments/{number}/extensions/{user_id}")
def extend(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number, sent: ExtensionSent) -> ExtensionShown:
    """Give one learner more time, instead of what they were given before."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        courses.learner(session, row.class_id, user_id)
        assignments.extend(session, person, row, user_id, sent.due_at, sent.closes_at, sent.reason)
        session.flush()
        return extension_shown(session.get_one(Extension, {"assignment_id": number, "user_id": user_id}))


@router.delete("/assignments/{number}/extensions/{user_id}", status_code=204)
def take_extension_back(hub: TheHub, person: ApiLecturer, number: Number, user_id: Number) -> Response:
    """Take more time back."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        assignments.take_back(session, person, row, user_id)
    return Response(status_code=204)


@router.get("/assignments/{number}/clusters")
def list_clusters(
    hub: TheHub, person: ApiLecturer, number: Number, after: After = 0, limit: Most = 50
) -> Listed[ClusterShown]:
    """Learners who fail alike, the biggest group first."""
    with hub.database.reading() as session:
        found = clusters.of(session, assignments.taught_assignment(session, person, number))
    items = [
        ClusterShown(
            id=cluster.id,
            outcome=cluster.outcome,
            learners=list(cluster.learner_ids),
            example=cluster.example_id,
            comments=[_shown(comment) for comment in cluster.comments],
        )
        for cluster in found
    ]
    return listed(items, after, limit)


@router.post("/assignments/{number}/clusters/{cluster}/comments", status_code=201)
def comment(
    hub: TheHub, person: ApiLecturer, number: Number, cluster: Annotated[str, Path(max_length=64)], sent: CommentSent
) -> CommentShown:
    """Say something to all who fail alike."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        made = clusters.comment(session, person, row, cluster, sent.text)
        session.flush()
        return _shown(made)


@router.delete("/assignments/{number}/comments/{comment_id}", status_code=204)
def remove_comment(hub: TheHub, person: ApiLecturer, number: Number, comment_id: Number) -> Response:
    """Take a comment back."""
    with hub.database.writing() as session:
        row = assignments.taught_assignment(session, person, number)
        clusters.remove_comment(session, person, row, comment_id)
    return Response(status_code=204)


def _shown(row: ClusterComment) -> CommentShown:
    return CommentShown(id=row.id, text=row.text, at=row.at, by=row.by_id)
