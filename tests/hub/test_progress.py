"""What is done, what comes next, and why."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest

from chiploom.hub import progress
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Submission, User
from chiploom.hub.library import Library
from chiploom.hub.progress import Standing


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


@pytest.fixture
def user_id(database: Database) -> int:
    with database.writing() as session:
        row = User(
            subject=secrets.token_hex(16), name="A", password_hash="", language="vi", created_at=datetime.now(UTC)
        )
        session.add(row)
    return row.id


def hand_in(database: Database, user_id: int, task_id: str, is_met: bool | None) -> None:
    with database.writing() as session:
        session.add(
            Submission(
                user_id=user_id,
                pack_id="foundations",
                pack_version="1",
                task_id=task_id,
                files=[],
                created_at=datetime.now(UTC),
                state="queued" if is_met is None else "done",
                is_met=is_met,
            )
        )


def look(database: Database, library: Library, user_id: int, track: str = "design") -> Standing:
    with database.reading() as session:
        return progress.standing(session, library, user_id, track)


def test_from_the_first_task_to_the_last(database: Database, library: Library, user_id: int) -> None:
    tasks = [task.id for task in progress.open_tasks(library, "design")]
    begin = look(database, library, user_id)
    assert begin.following is not None
    assert (begin.following.task.id, begin.reason, begin.met) == (tasks[0], "begin", 0)

    hand_in(database, user_id, tasks[2], False)
    hand_in(database, user_id, tasks[1], None)
    again = look(database, library, user_id)
    assert again.following is not None
    assert (again.following.task.id, again.reason) == (tasks[1], "retry")
    assert [item.tries for item in again.tasks[:3]] == [0, 1, 1]

    for task_id in (tasks[0], tasks[1], tasks[2]):
        hand_in(database, user_id, task_id, True)
    hand_in(database, user_id, tasks[2], False)
    on = look(database, library, user_id)
    assert on.following is not None
    assert (on.following.task.id, on.reason, on.met) == (tasks[3], "go-on", 3), "what is done once stays done"

    for task_id in tasks[3:]:
        hand_in(database, user_id, task_id, True)
    end = look(database, library, user_id)
    assert (end.following, end.reason, end.met) == (None, "finished", len(tasks))
    assert all(done == total for done, total in end.skills.values())


def test_what_cannot_be_practised_now_does_not_come_next(database: Database, library: Library, user_id: int) -> None:
    tasks = [task.id for task in progress.open_tasks(library, "design")]

    def following(*closed: str) -> str:
        with database.reading() as session:
            found = progress.standing(
                session, library, user_id, "design", [("foundations", task_id) for task_id in closed]
            )
        assert found.following is not None
        return found.following.task.id

    hand_in(database, user_id, tasks[4], False)
    assert following() == tasks[4]
    assert following(tasks[4]) == tasks[0]
    assert following(tasks[4], tasks[0]) == tasks[1]
    assert following(*tasks) == tasks[4]


def test_skills_count_their_tasks_and_others_work_is_not_mine(
    database: Database, library: Library, user_id: int
) -> None:
    task = next(progress.open_tasks(library, "design"))
    with database.writing() as session:
        other = User(
            subject=secrets.token_hex(16), name="B", password_hash="", language="vi", created_at=datetime.now(UTC)
        )
        session.add(other)
    hand_in(database, other.id, task.id, True)
    assert look(database, library, user_id).met == 0
    hand_in(database, user_id, task.id, True)
    standing = look(database, library, user_id)
    for skill in task.skills:
        done, total = standing.skills[skill]
        assert done == 1
        assert total == sum(skill in other.skills for other in progress.open_tasks(library, "design"))


def test_another_track_has_its_own_tasks(database: Database, library: Library, user_id: int) -> None:
    for track in ("manufacturing", "test", "no such track"):
        standing = look(database, library, user_id, track)
        assert {item.task.track for item in standing.tasks} <= {track}
        assert (standing.following is None) == (not standing.tasks)
