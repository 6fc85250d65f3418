"""Every accepted submission gets its own verdict, once, whatever the backend, the packs and the database do."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chiploom.errors import SchedulerError, UsageError
from chiploom.grading.cache import Cache
from chiploom.grading.job import Job
from chiploom.grading.pool import Result
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Submission
from chiploom.hub.dispatch import dispatcher as module
from chiploom.hub.dispatch.dispatcher import Dispatcher, Graded
from chiploom.hub.dispatch.fair_queue import Ticket
from chiploom.hub.dispatch.recording import Recorder
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.signing import SigningKey
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import Task
from dispatch.scripted import (
    Script,
    Scripted,
    answer_to,
    make_user,
    one_by_one,
    remove_all,
    rows,
    submit,
    wait_until,
)

GATES = load_task(load_pack(), "gates")


def task_of(pack_id: str, task_id: str, variant: int | None, version: str) -> Task:
    if task_id == "gone":
        raise UsageError("unknown-task", "pack 'foundations' has no task 'gone'")
    if task_id == "broken":
        raise ZeroDivisionError
    return GATES


class Bed:
    """Dispatchers over one database, with backends that follow scripts: the first, then the second, then the last."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.user_id = make_user(database)
        self.recorder = Recorder(database, TraceFiles(folder), SigningKey.generate(), frozenset({"foundations"}))
        self.backends: list[Scripted] = []
        self.dispatchers: list[Dispatcher] = []

    def start(
        self,
        *scripts: Script,
        record: Callable[[list[Graded]], None] | None = None,
        database: Any = None,
        cache: Cache | None = None,
    ) -> Dispatcher:
        waiting = list(scripts)

        def open_backend() -> Scripted:
            self.backends.append(Scripted(waiting.pop(0) if len(waiting) > 1 else waiting[0]))
            return self.backends[-1]

        dispatcher = Dispatcher(
            database or self.database, open_backend, task_of, record or self.recorder.record, cache=cache
        )
        self.dispatchers.append(dispatcher)
        dispatcher.start()
        return dispatcher

    def submit(self, count: int = 1, **what: Any) -> list[int]:
        return [submit(self.database, self.user_id, **what) for _ in range(count)]

    def is_all_done(self) -> bool:
        return all(row.state == "done" for row in rows(self.database))

    def check_that_each_has_its_own(self) -> None:
        for row in rows(self.database):
            assert row.state == "done"
            assert row.verdict is not None
            assert row.verdict["reason"] == row.files[0][1]


@pytest.fixture
def bed(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bed]:
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.01)
    made = Bed(database, tmp_path)
    yield made
    for dispatcher in made.dispatchers:
        dispatcher.stop()
    assert all(backend.is_closed for backend in made.backends)
    remove_all(database)


def test_results_out_of_order_reach_their_own_rows(bed: Bed) -> None:
    def reversed_in_fours(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        for start in (0, 4, 8):
            taken = backend.take(jobs, 4)
            for offset in reversed(range(len(taken))):
                yield start + offset, answer_to(taken[offset])

    bed.submit(12)
    bed.start(reversed_in_fours)
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()


@pytest.mark.parametrize("loss", [SchedulerError("scheduler-lost", "away"), RuntimeError("own fault"), None])
def test_what_a_lost_backend_had_is_graded_by_the_next(bed: Bed, loss: Exception | None) -> None:
    def half(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        taken = backend.take(jobs, 5)
        yield 3, answer_to(taken[3])
        if loss is not None:
            raise loss

    bed.submit(8)
    bed.start(half, half, one_by_one)
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()
    assert len(bed.backends) == 3


def test_a_backend_that_cannot_be_opened_is_tried_again_and_said(bed: Bed) -> None:
    failures = [SchedulerError("no-scheduler", "nothing answers there"), OSError("no more processes")]

    def open_backend() -> Scripted:
        if failures:
            may_fail.wait(30)
            raise failures.pop(0)
        bed.backends.append(Scripted(one_by_one))
        return bed.backends[-1]

    may_fail = threading.Event()
    bed.submit(2)
    dispatcher = Dispatcher(bed.database, open_backend, task_of, bed.recorder.record)
    bed.dispatchers.append(dispatcher)
    dispatcher.start()
    assert dispatcher.trouble == ""
    may_fail.set()
    wait_until(bed.is_all_done)
    assert dispatcher.trouble == ""
    assert not failures


def test_trouble_is_told_while_it_lasts(bed: Bed) -> None:
    def lost(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        backend.take(jobs, 1)
        raise SchedulerError("scheduler-lost", "the cluster was lost")
        yield

    def later(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        is_told.wait(30)
        yield from one_by_one(backend, jobs)

    is_told = threading.Event()
    bed.submit()
    dispatcher = bed.start(lost, later)
    wait_until(lambda: "scheduler-lost" in dispatcher.trouble)
    is_told.set()
    wait_until(bed.is_all_done)
    assert dispatcher.trouble == ""


def test_an_answer_to_nothing_and_a_second_answer_change_nothing(bed: Bed) -> None:
    def confused(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        first, second = backend.take(jobs, 2)
        yield 7, answer_to(first)
        yield 0, answer_to(first)
        yield 0, answer_to(second)
        yield 1, answer_to(second)
        backend.take(jobs, 1)

    bed.submit(2)
    bed.start(confused)
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()


def test_a_task_that_is_gone_or_broken_is_said_and_holds_up_nobody(bed: Bed) -> None:
    numbers = [*bed.submit(task_id="gone"), *bed.submit(task_id="broken"), *bed.submit()]
    bed.start(one_by_one)
    wait_until(bed.is_all_done)
    found = {row.id: row for row in rows(bed.database)}
    assert [found[number].outcome for number in numbers] == ["undecided", "undecided", "rejected"]
    verdict = found[numbers[0]].verdict
    assert verdict is not None
    assert "has no task" in verdict["reason"]


def test_a_row_that_is_gone_holds_up_nobody(bed: Bed) -> None:
    number, _ = bed.submit(2)
    dispatcher = bed.start(one_by_one)
    with bed.database.writing() as session:
        session.execute(delete(Submission).where(Submission.id == number))
    dispatcher.enqueue(Ticket(number, bed.user_id))
    wait_until(bed.is_all_done)
    wait_until(lambda: dispatcher.under_way == dispatcher.queued == 0)
    assert dispatcher.place_of(number) is None
    assert not dispatcher.when_done(number, lambda: None)


def away() -> OperationalError:
    return OperationalError("SELECT", {}, Exception("the server closed the connection"))


def test_a_database_that_is_away_for_a_while_loses_nothing(bed: Bed) -> None:
    class Flaky:
        """Fails to read every other time."""

        reads = 0

        def reading(self) -> contextlib.AbstractContextManager[Session]:
            self._perhaps()
            return bed.database.reading()

        def looking(self) -> contextlib.AbstractContextManager[Connection]:
            self._perhaps()
            return bed.database.looking()

        def _perhaps(self) -> None:
            self.reads += 1
            if self.reads > 1 and self.reads % 2:
                raise away()

    failures = [away() for _ in range(4)]

    def record(graded: list[Graded]) -> None:
        if failures:
            raise failures.pop()
        bed.recorder.record(graded)

    bed.submit(5)
    dispatcher = bed.start(one_by_one, record=record, database=Flaky())
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()
    assert len(bed.backends) == 1, "the workers need not start again because the database was away"
    wait_until(lambda: dispatcher.trouble == "")


def test_a_verdict_that_cannot_be_recorded_holds_up_no_other(bed: Bed) -> None:
    bad, *others = bed.submit(6)

    def record(graded: list[Graded]) -> None:
        if any(item.ticket.submission_id == bad and item.task is not None for item in graded):
            raise ValueError("this one cannot be signed")
        bed.recorder.record(graded)

    def all_at_once(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        yield from [(position, answer_to(job)) for position, job in enumerate(backend.take(jobs, 6))]
        backend.take(jobs, 1)

    bed.start(all_at_once, record=record)
    wait_until(bed.is_all_done)
    found = {row.id: row for row in rows(bed.database)}
    assert found[bad].outcome == "undecided"
    assert {found[number].outcome for number in others} == {"rejected"}


def test_what_was_under_way_at_the_end_is_graded_after_the_next_start(bed: Bed) -> None:
    def some(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        yield 0, answer_to(backend.take(jobs, 4)[0])
        has_some.set()
        backend.take(jobs, 100)

    has_some = threading.Event()
    bed.submit(9)
    first = bed.start(some)
    assert has_some.wait(30)
    wait_until(lambda: sum(row.state == "done" for row in rows(bed.database)) == 1)
    first.stop()
    assert sum(row.state == "done" for row in rows(bed.database)) == 1
    bed.start(one_by_one)
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()


def test_an_end_while_the_database_is_away_does_not_hang(bed: Bed) -> None:
    def record(graded: list[Graded]) -> None:
        has_failed.set()
        raise away()

    has_failed = threading.Event()
    bed.submit(1)
    dispatcher = bed.start(one_by_one, record=record)
    assert has_failed.wait(30)
    wait_until(lambda: "recording" in dispatcher.trouble)
    dispatcher.stop()
    assert [row.state for row in rows(bed.database)] == ["queued"]


def test_exams_go_first_and_places_are_told(bed: Bed) -> None:
    taken: list[str] = []

    def slowly(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        may_begin.wait(30)
        for position, result in one_by_one(backend, jobs):
            taken.append(result.reason if not isinstance(result, Exception) else "")
            yield position, result

    may_begin = threading.Event()
    other = make_user(bed.database)
    first, second = bed.submit(2)
    others = submit(bed.database, other)
    exam = submit(bed.database, other, is_exam=True)
    dispatcher = bed.start(slowly)
    assert [dispatcher.place_of(number) for number in (exam, first, others, second)] == [0, 1, 2, 3]
    assert (dispatcher.waiting_of(bed.user_id), dispatcher.waiting_of(other), dispatcher.queued) == (2, 2, 4)
    may_begin.set()
    wait_until(bed.is_all_done)
    assert taken == [f"// submission {number}" for number in (exam, first, others, second)]
    assert dispatcher.place_of(exam) is None


def test_listeners_are_called_once_the_verdict_is_there(bed: Bed) -> None:
    def when_told(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        may_begin.wait(30)
        yield from one_by_one(backend, jobs)

    def fail() -> None:
        raise RuntimeError("the event loop has ended")

    def look() -> None:
        states.append(next(row.state for row in rows(bed.database) if row.id == number))
        is_called.set()

    may_begin, is_called, states = threading.Event(), threading.Event(), list[str]()
    number, forgotten = bed.submit(2)
    dispatcher = bed.start(when_told)
    assert dispatcher.when_done(number, fail)
    assert dispatcher.when_done(number, look)
    assert dispatcher.when_done(forgotten, fail)
    dispatcher.forget(forgotten, fail)
    may_begin.set()
    assert is_called.wait(30)
    assert states == ["done"]
    wait_until(bed.is_all_done)
    wait_until(lambda: not dispatcher.when_done(number, look))


def test_what_was_proved_before_is_found_again_without_grading(bed: Bed, tmp_path: Path) -> None:
    graded: list[Job] = []

    def counting(backend: Scripted, jobs: Iterator[Job | None]) -> Iterator[tuple[int, Result]]:
        position = 0
        while taken := backend.take(jobs, 1):
            graded.extend(taken)
            yield position, answer_to(taken[0])
            position += 1

    cache = Cache(tmp_path / "cache")
    bed.submit(text="// the same")
    dispatcher = bed.start(counting, cache=cache)
    wait_until(bed.is_all_done)
    (number,) = bed.submit(text="// the same")
    dispatcher.enqueue(Ticket(number, bed.user_id))
    wait_until(bed.is_all_done)
    bed.check_that_each_has_its_own()
    assert len(graded) == 1
