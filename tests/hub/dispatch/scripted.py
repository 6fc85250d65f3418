"""A backend that does what a test says, people with submissions, and waiting for what threads do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import delete, select

from chiploom.grading.evidence import make_subject_id
from chiploom.grading.job import Job
from chiploom.grading.pool import Result
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import EvidenceRecord, Submission, User
from chiploom.prove.verdict import Outcome, Verdict

Script = Callable[["Scripted", Iterator[Job | None]], Iterator[tuple[int, Result]]]


class Scripted:
    """What grades, as a generator function of the test's says."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._woken = threading.Event()
        self.is_closed = False

    def results(self, jobs: Iterator[Job | None], *, ahead: int) -> Iterator[tuple[int, Result]]:
        return self._script(self, jobs)

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.is_closed = True

    def take(self, jobs: Iterator[Job | None], count: int) -> list[Job]:
        """Take ``count`` jobs, waiting for them; fewer only when there will be no more."""
        taken: list[Job] = []
        while len(taken) < count:
            self._woken.clear()
            try:
                job = next(jobs)
            except StopIteration:
                break
            if job is None:
                self._woken.wait(0.05)
            else:
                taken.append(job)
        return taken


def answer_to(job: Job) -> Verdict:
    """Return a verdict in which the submission it belongs to is recognised."""
    return Verdict(outcome=Outcome.REJECTED, method="diagnostics", reason=job.sources[0].text)


def one_by_one(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
    position = 0
    while taken := backend.take(jobs, 1):
        yield position, answer_to(taken[0])
        position += 1


def make_user(database: Database) -> int:
    with database.writing() as session:
        user = User(
            subject=make_subject_id(), name="Học Viên", password_hash="", language="vi", created_at=datetime.now(UTC)
        )
        session.add(user)
        session.flush()
        return user.id


def submit(database: Database, user_id: int, task_id: str = "gates", is_exam: bool = False, text: str = "") -> int:
    with database.writing() as session:
        row = Submission(
            user_id=user_id,
            pack_id="foundations",
            pack_version="1",
            task_id=task_id,
            is_exam=is_exam,
            files=[],
            created_at=datetime.now(UTC),
        )
        session.add(row)
        session.flush()
        row.files = [["design.sv", text or f"// submission {row.id}"]]
        return row.id


def remove_all(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(EvidenceRecord))
        session.execute(delete(Submission))


def rows(database: Database) -> list[Submission]:
    with database.reading() as session:
        return list(session.scalars(select(Submission).order_by(Submission.id)))


def wait_until(condition: Callable[[], object], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
