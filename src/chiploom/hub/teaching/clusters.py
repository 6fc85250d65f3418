"""Misconceptions: learners whose newest submissions fail in the same way, and one comment to all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, ClusterComment, Enrolment, Submission
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.hub.teaching import clock
from chiploom.hub.teaching.courses import not_found, row_id

#: The rest are small, and a page should stay one.
MOST_SHOWN = 20
_LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Cluster:
    """Learners who fail alike.

    Attributes
    ----------
    id : str
        As :func:`chiploom.hub.dispatch.verdicts.cluster_of` names it.
    learner_ids : tuple of int
        Whose newest submission is in it.
    example_id : int
        The earliest of these submissions.
    """

    id: str
    outcome: str
    learner_ids: tuple[int, ...]
    example_id: int
    comments: tuple[ClusterComment, ...]


def of(session: Session, row: Assignment) -> list[Cluster]:
    """Return the clusters of an assignment, the biggest first; whoever did the assignment meanwhile is in none."""
    newest = (
        select(func.max(Submission.id).label("id"))
        .join(Enrolment, (Enrolment.user_id == Submission.user_id) & (Enrolment.class_id == row.class_id))
        .where(Submission.assignment_id == row.id, Submission.state == "done", Enrolment.role == "learner")
        .group_by(Submission.user_id)
        .having(func.max(func.coalesce(Submission.is_met, False).cast(Submission.id.type)) == 0)
        .subquery()
    )
    rows = session.execute(
        select(Submission.id, Submission.user_id, Submission.cluster, Submission.outcome)
        .join(newest, newest.c.id == Submission.id)
        .where(Submission.cluster.is_not(None), Submission.outcome.in_(("refuted", "rejected")))
        .order_by(Submission.id)
    ).all()
    comments = defaultdict(list)
    for comment in session.scalars(
        select(ClusterComment).where(ClusterComment.assignment_id == row.id).order_by(ClusterComment.id)
    ):
        comments[comment.cluster].append(comment)
    grouped: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for found in rows:
        grouped[found.cluster].append((found.id, found.user_id, found.outcome))
    clusters = [
        Cluster(name, items[0][2], tuple(user for _, user, _ in items), items[0][0], tuple(comments[name]))
        for name, items in grouped.items()
    ]
    return sorted(clusters, key=lambda cluster: (-len(cluster.learner_ids), cluster.example_id))


def examples(session: Session, clusters: Sequence[Cluster]) -> dict[int, Submission]:
    """Return the example of each cluster."""
    numbers = [cluster.example_id for cluster in clusters]
    return {row.id: row for row in session.scalars(select(Submission).where(Submission.id.in_(numbers)))}


def comment(session: Session, person: Person, row: Assignment, cluster: str, text: str) -> ClusterComment:
    """Say something to all whose submissions for this assignment fail in one way, and return it.

    Raises
    ------
    UsageError
        ``bad-comment``; ``not-found``: no submission for the assignment fails so.
    """
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= _LONGEST_COMMENT or "\0" in text:
        raise UsageError("bad-comment", f"a comment has 1 to {_LONGEST_COMMENT} characters")
    exists = select(Submission.id).where(Submission.assignment_id == row.id, Submission.cluster == cluster).limit(1)
    if session.scalar(exists) is None:
        raise not_found()
    made = ClusterComment(assignment_id=row.id, cluster=cluster, text=text, at=clock.now(), by_id=person.id)
    session.add(made)
    accounts.audit(session, person, "cluster-commented", f"assignment {row.id}", cluster=cluster)
    return made


def comments_on(session: Session, row: Submission) -> list[str]:
    """Return what lecturers said to all whose submissions fail as this one does."""
    if row.assignment_id is None or row.cluster is None:
        return []
    return list(
        session.scalars(
            select(ClusterComment.text)
            .where(ClusterComment.assignment_id == row.assignment_id, ClusterComment.cluster == row.cluster)
            .order_by(ClusterComment.id)
        )
    )


def remove_comment(session: Session, person: Person, row: Assignment, number: int) -> None:
    """Take a comment back.

    Raises
    ------
    UsageError
        ``not-found``.
    """
    found = session.get(ClusterComment, row_id(number))
    if found is None or found.assignment_id != row.id:
        raise not_found()
    session.delete(found)
    accounts.audit(session, person, "cluster-comment-removed", f"assignment {row.id}", cluster=found.cluster)
