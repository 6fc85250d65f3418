"""The thread that grades, and the thread that records what it found.

The submission's row is the truth: it is ``queued`` until its verdict is written, in one transaction with its evidence.
Whatever was under way when the hub, a worker or the database died is graded again, and a verdict is only ever written
to a row that has none, so that every accepted submission gets exactly one.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from chiploom.errors import ChiploomError
from chiploom.grading.cache import Cache
from chiploom.grading.job import Job
from chiploom.grading.pool import Result
from chiploom.hdl.sources import Source
from chiploom.hub.database.database import Database, is_passing
from chiploom.hub.database.schema import Submission, User
from chiploom.hub.dispatch.fair_queue import FairQueue, Ticket
from chiploom.prove.verdict import Verdict
from chiploom.tasks.model import Task

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_RECORDED_TOGETHER = 64


_WAITING = (
    select(
        Submission.pack_id,
        Submission.task_id,
        Submission.variant,
        Submission.pack_version,
        Submission.files,
        User.subject,
    )
    .join(User, User.id == Submission.user_id)
    .where(Submission.id == bindparam("number"), Submission.state != "done")
)


class Backend(Protocol):
    """What grades: a local pool or a cluster."""

    def results(self, jobs: Iterator[Job | None], *, ahead: int) -> Iterator[tuple[int, Result]]:
        """Grade jobs as they come."""

    def wake(self) -> None:
        """Ask for jobs again now."""

    def close(self) -> None:
        """End."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission with its verdict, as the recorder gets it."""

    ticket: Ticket
    task: Task | None
    job: Job | None
    verdict: Verdict


class Dispatcher:
    """Grades what is queued, for as long as the hub runs.

    Parameters
    ----------
    database : Database
        Where submissions are.
    open_backend : callable
        Makes the pool or the connection to the cluster; called again when it was lost.
    load_task : callable
        Returns the task of (pack, task, variant, version of the pack).
    record : callable
        Writes verdicts, several in one transaction; raises SQLAlchemyError or StorageError where it cannot.
    cache : Cache or None
        Where verdicts are found again.
    ahead : int
        How many jobs the backend may hold; 0: as many as it has room for.
    """

    def __init__(
        self,
        database: Database,
        open_backend: Callable[[], Backend],
        load_task: Callable[[str, str, int | None, str], Task],
        record: Callable[[list[Graded]], None],
        *,
        cache: Cache | None = None,
        ahead: int = 1,
    ) -> None:
        self._database = database
        self._open_backend = open_backend
        self._load_task = load_task
        self._record = record
        self._cache = cache
        self._ahead = ahead
        self._queue = FairQueue()
        self._graded: queue.SimpleQueue[Graded | None] = queue.SimpleQueue()
        self._backend: Backend | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._under_way: dict[int, Ticket] = {}
        self._tickets: dict[int, Ticket] = {}
        self._listeners: dict[int, list[Callable[[], None]]] = {}
        self._troubles = {"grading": "", "reading": "", "recording": ""}
        self._threads = (
            threading.Thread(target=self._grade_for_ever, name="grading", daemon=True),
            threading.Thread(target=self._record_for_ever, name="recording", daemon=True),
        )

    def start(self) -> None:
        """Queue again what has no verdict yet, and begin."""
        with self._database.reading() as session:
            rows = session.execute(
                select(Submission.id, Submission.user_id, Submission.is_exam)
                .where(Submission.state != "done")
                .order_by(Submission.id)
            ).all()
        for row in rows:
            self.enqueue(Ticket(row.id, row.user_id, row.is_exam))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads. What is under way stays queued in its row."""
        self._stopping.set()
        if self._backend is not None:
            self._backend.wake()
        self._graded.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=10)

    def enqueue(self, ticket: Ticket) -> None:
        """Take up a submission whose row is written."""
        with self._lock:
            self._tickets[ticket.submission_id] = ticket
        self._queue.put(ticket)
        backend = self._backend
        if backend is not None:
            backend.wake()

    def place_of(self, submission_id: int) -> int | None:
        """Return how many submissions are graded before this one, None if it is under way or done."""
        with self._lock:
            ticket = self._tickets.get(submission_id)
        return None if ticket is None else self._queue.place_of(ticket)

    def owner_of(self, submission_id: int) -> int | None:
        """Return whose a submission is, None if it is done or there is none."""
        with self._lock:
            ticket = self._tickets.get(submission_id)
        return None if ticket is None else ticket.user_id

    def when_done(self, submission_id: int, call: Callable[[], None]) -> bool:
        """Arrange that ``call`` is called, in another thread, once the verdict is recorded; False if it is already."""
        with self._lock:
            if submission_id not in self._tickets:
                return False
            self._listeners.setdefault(submission_id, []).append(call)
            return True

    def forget(self, submission_id: int, call: Callable[[], None]) -> None:
        """Take back :meth:`when_done`."""
        with self._lock, contextlib.suppress(KeyError, ValueError):
            self._listeners[submission_id].remove(call)

    def waiting_of(self, user_id: int) -> int:
        """Return how many submissions of a person wait."""
        return self._queue.waiting_of(user_id)

    @property
    def queued(self) -> int:
        """How many submissions wait."""
        return len(self._queue)

    @property
    def under_way(self) -> int:
        """How many submissions are being graded."""
        return len(self._under_way)

    @property
    def workers(self) -> int:
        """How many worker processes of this machine grade; 0 on a cluster, or while none can be started."""
        return len(getattr(self._backend, "process_ids", ()))

    @property
    def trouble(self) -> str:
        """Why nothing can be graded or recorded at this moment; empty if all is well."""
        return "; ".join(f"{where}: {what}" for where, what in self._troubles.items() if what)

    # -- the grading thread

    def _grade_for_ever(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                backend = self._backend = self._open_backend()
            # Whatever it is: a hub whose grading thread has ended would accept work that nobody does.
            except Exception as error:
                pause_s = self._rest("grading", error, pause_s)
                continue
            jobs: dict[int, tuple[Ticket, Task, Job, str]] = {}
            try:
                for position, result in backend.results(self._jobs(jobs), ahead=self._ahead):
                    self._say("grading", "")
                    pause_s = _FIRST_PAUSE_S
                    if position in jobs:
                        ticket, task, job, key = jobs.pop(position)
                        if self._cache is not None:
                            self._cache.store(key, result)
                        self._hand_over(Graded(ticket, task, job, _verdict_of(result)))
            except Exception as error:
                pause_s = self._rest("grading", error, pause_s)
            finally:
                self._backend = None
                # What the backend took and did not answer, however it ended.
                for ticket, *_ in reversed(jobs.values()):
                    self._put_back(ticket)
                _close(backend)

    def _jobs(self, jobs: dict[int, tuple[Ticket, Task, Job, str]]) -> Iterator[Job | None]:
        """Yield what is next, and keep in ``jobs`` what was yielded, by its position."""
        position = 0
        while not self._stopping.is_set():
            ticket = self._queue.take()
            if ticket is None:
                yield None
                continue
            self._under_way[ticket.submission_id] = ticket
            try:
                loaded = self._load(ticket)
            except SQLAlchemyError as error:
                # The backend goes on with what it has, and asks again within a second.
                self._put_back(ticket)
                self._say("reading", _one_line(error))
                yield None
                continue
            except Exception as error:
                # The task is gone from its pack, or broken: said to the learner, not tried for ever.
                if not isinstance(error, ChiploomError):
                    _log.exception("submission %d cannot be graded", ticket.submission_id)
                self._hand_over(Graded(ticket, None, None, _verdict_of(error)))
                continue
            self._say("reading", "")
            if loaded is None:
                self._let_go(ticket)
                continue
            task, job = loaded
            key = self._cache.key(job) if self._cache is not None else ""
            found = self._cache.find(key) if self._cache is not None else None
            if found is not None:
                self._hand_over(Graded(ticket, task, job, found))
                continue
            jobs[position] = (ticket, task, job, key)
            position += 1
            yield job

    def _put_back(self, ticket: Ticket) -> None:
        self._queue.put_back(ticket)
        self._under_way.pop(ticket.submission_id, None)

    def _load(self, ticket: Ticket) -> tuple[Task, Job] | None:
        """Return what is to be graded, None if the submission is gone or has its verdict."""
        with self._database.looking() as connection:
            row = connection.execute(_WAITING, {"number": ticket.submission_id}).one_or_none()
        if row is None:
            return None
        task = self._load_task(row.pack_id, row.task_id, row.variant, row.pack_version)
        sources = tuple(Source(name, text) for name, text in row.files)
        return task, Job(task, sources, row.subject)

    def _hand_over(self, graded: Graded) -> None:
        self._graded.put(graded)

    # -- the recording thread

    def _record_for_ever(self) -> None:
        while True:
            batch = [self._graded.get()]
            while len(batch) < _RECORDED_TOGETHER and batch[-1] is not None and not self._graded.empty():
                batch.append(self._graded.get())
            graded = [item for item in batch if item is not None]
            if graded and not self._record_patiently(graded):
                return
            for item in graded:
                self._let_go(item.ticket)
            if len(graded) < len(batch):
                return

    def _record_patiently(self, graded: list[Graded]) -> bool:
        """Write verdicts, however long the database or the disk takes to come back; False when the hub ends first.

        A verdict that is refused for a reason of its own holds up no other: its submission gets ``undecided``, or, if
        not even that can be written, stays queued in its row for the next start.
        """
        pause_s = 0.1
        while True:
            try:
                self._record(graded)
            except Exception as error:
                if not is_passing(error):
                    return self._record_apart(graded, error)
                self._say("recording", _one_line(error))
                if self._stopping.wait(pause_s):
                    return False
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                self._say("recording", "")
                return True

    def _record_apart(self, graded: list[Graded], error: Exception) -> bool:
        if len(graded) > 1:
            return all(self._record_patiently([item]) for item in graded)
        (item,) = graded
        number = item.ticket.submission_id
        _log.error("the verdict of submission %d cannot be recorded", number, exc_info=error)
        if item.task is None:
            return True
        instead = Verdict(limit_hit="not-run", reason=f"the hub could not record this verdict ({type(error).__name__})")
        return self._record_patiently([Graded(item.ticket, None, None, instead)])

    def _let_go(self, ticket: Ticket) -> None:
        """Forget a submission that is done, and tell whoever waits for it."""
        self._under_way.pop(ticket.submission_id, None)
        with self._lock:
            self._tickets.pop(ticket.submission_id, None)
            listeners = self._listeners.pop(ticket.submission_id, [])
        for call in listeners:
            try:
                call()
            except Exception:
                # A listener whose event loop has ended must not end the thread.
                _log.debug("a listener of submission %d failed", ticket.submission_id, exc_info=True)

    def _rest(self, where: str, error: Exception, pause_s: float) -> float:
        """Say what is wrong, wait, and return how long to wait the next time."""
        if not isinstance(error, ChiploomError | OSError):
            _log.error("%s failed", where, exc_info=error)
        code = f"{error.code}: " if isinstance(error, ChiploomError) else ""
        self._say(where, f"{code}{_one_line(error)}")
        self._stopping.wait(pause_s)
        return min(2 * pause_s, _LONGEST_PAUSE_S)

    def _say(self, where: str, trouble: str) -> None:
        if trouble and trouble != self._troubles[where]:
            _log.warning("%s: %s; trying again", where, trouble)
        self._troubles[where] = trouble


def _close(backend: Backend) -> None:
    try:
        backend.close()
    except Exception:
        _log.exception("a lost backend could not be closed")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _verdict_of(result: Verdict | Exception) -> Verdict:
    if isinstance(result, Verdict):
        return result
    reason = result.message if isinstance(result, ChiploomError) else f"the hub's own fault ({type(result).__name__})"
    return Verdict(limit_hit="not-run", reason=reason)
