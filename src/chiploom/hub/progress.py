"""Where a learner stands: which tasks are done, which skills they show, what comes next and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from chiploom.hub.database.schema import Submission
from chiploom.hub.library import Library
from chiploom.tasks.model import Task

Reason = Literal["begin", "go-on", "retry", "finished"]


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """One task, as a learner stands with it."""

    task: Task
    is_met: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it.

    Attributes
    ----------
    following : TaskStanding or None
        The task to do next, None when all are done.
    reason : str
        Why that one.
    skills : mapping of str to (int, int)
        Skill to how many of its tasks are done, and how many there are.
    """

    tasks: tuple[TaskStanding, ...]
    following: TaskStanding | None
    reason: Reason
    skills: dict[str, tuple[int, int]]

    @property
    def met(self) -> int:
        """How many tasks are done."""
        return sum(standing.is_met for standing in self.tasks)


def open_tasks(library: Library, track: str) -> Iterator[Task]:
    """Return the tasks of a track that anybody may do, in teaching order."""
    return (task for pack_id in sorted(library.open_packs) for task in library.tasks(pack_id) if task.track == track)


def standing(
    session: Session, library: Library, user_id: int, track: str, closed: Collection[tuple[str, str]] = ()
) -> Standing:
    """Return where a person stands in a track.

    Parameters
    ----------
    closed : collection of (str, str)
        Pack and task of what cannot be practised now, and so does not come next while there is anything else.
    """
    rows = session.connection().execute(_TRIED, {"person": user_id}).all()
    seen = {(pack_id, task_id): (tries, bool(met), last) for pack_id, task_id, tries, met, last in rows}
    tasks = []
    for task in open_tasks(library, track):
        tries, met, _ = seen.get((task.pack_id, task.id), (0, False, 0))
        tasks.append(TaskStanding(task, met, tries))
    following, reason = _following(tasks, {key: last for key, (_, _, last) in seen.items()}, closed)
    skills: dict[str, tuple[int, int]] = {}
    for item in tasks:
        for skill in item.task.skills:
            done, total = skills.get(skill, (0, 0))
            skills[skill] = (done + item.is_met, total + 1)
    return Standing(tuple(tasks), following, reason, skills)


_TRIED = (
    select(
        Submission.pack_id,
        Submission.task_id,
        func.count(),
        func.max(func.coalesce(Submission.is_met, False).cast(Submission.id.type)),
        func.max(Submission.id),
    )
    .where(Submission.user_id == bindparam("person"))
    .group_by(Submission.pack_id, Submission.task_id)
)


def _following(
    tasks: list[TaskStanding], last: dict[tuple[str, str], int], closed: Collection[tuple[str, str]]
) -> tuple[TaskStanding | None, Reason]:
    """Choose what was tried last and is not done, or else the first that is not done."""
    undone = [item for item in tasks if not item.is_met]
    undone = [item for item in undone if (item.task.pack_id, item.task.id) not in closed] or undone
    if not undone:
        return None, "finished"
    tried = [item for item in undone if item.tries]
    if tried:
        return max(tried, key=lambda item: last[(item.task.pack_id, item.task.id)]), "retry"
    return undone[0], "begin" if undone[0] is tasks[0] else "go-on"
