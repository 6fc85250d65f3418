"""The small bench beside the queue: reading and simulating what somebody is typing, in the box, at once."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from chiploom.errors import ChiploomError, UsageError
from chiploom.grading.job import Job
from chiploom.grading.pool import Result
from chiploom.hub.dispatch.dispatcher import Backend

_log = logging.getLogger(__name__)

#: Each waits in a thread of the web server's, which has more than these.
_MOST_WAITING = 60
_PAUSE_S = 1.0
_ANSWER_S = 30.0
_LOST = "what the editor asked was lost; try again"


class Bench:
    """One worker of its own, so that a long proof never keeps anybody from seeing a misspelt word.

    Parameters
    ----------
    open_backend : callable
        Makes the pool of one; called again when it was lost.
    """

    def __init__(self, open_backend: Callable[[], Backend]) -> None:
        self._open_backend = open_backend
        self._waiting: queue.Queue[tuple[Job, Future[Result]]] = queue.Queue(_MOST_WAITING)
        self._backend: Backend | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work_for_ever, name="bench", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; whoever waits gets an error."""
        self._stopping.set()
        if self._backend is not None:
            self._backend.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits already, so that less should be asked of it."""
        return not self._waiting.empty()

    def do(self, job: Job) -> Result:
        """Carry out a job and return its answer.

        Raises
        ------
        UsageError
            ``bench-busy``: too many wait already, or it takes too long.
        """
        answer: Future[Result] = Future()
        try:
            self._waiting.put_nowait((job, answer))
        except queue.Full:
            raise UsageError("bench-busy", "the hub is busy; try again in a moment") from None
        backend = self._backend
        if backend is not None:
            backend.wake()
        try:
            return answer.result(_ANSWER_S)
        except TimeoutError:
            answer.cancel()
            raise UsageError("bench-busy", "the hub is busy; try again in a moment") from None

    def _work_for_ever(self) -> None:
        while not self._stopping.is_set():
            answers: dict[int, Future[Result]] = {}
            backend: Backend | None = None
            try:
                backend = self._backend = self._open_backend()
                for position, result in backend.results(self._jobs(answers), ahead=1):
                    _answer(answers.pop(position), result)
            # Whatever it is: without this thread no editor would ever be answered again.
            except Exception as error:
                _log.warning("the bench lost its worker: %s", " ".join(str(error).split())[:200])
                refusal = error if isinstance(error, ChiploomError) else ChiploomError("bench-lost", _LOST)
                for answer in answers.values():
                    _answer(answer, refusal)
                if backend is None:
                    self._refuse_all(refusal)
                self._stopping.wait(_PAUSE_S)
            finally:
                self._backend = None
                if backend is not None:
                    with contextlib.suppress(Exception):
                        backend.close()
        self._refuse_all(UsageError("bench-busy", "the hub is being stopped"))

    def _jobs(self, answers: dict[int, Future[Result]]) -> Iterator[Job | None]:
        position = 0
        while not self._stopping.is_set():
            try:
                job, answer = self._waiting.get_nowait()
            except queue.Empty:
                yield None
                continue
            if answer.cancelled():
                continue
            answers[position] = answer
            position += 1
            yield job

    def _refuse_all(self, error: ChiploomError) -> None:
        while True:
            try:
                _, answer = self._waiting.get_nowait()
            except queue.Empty:
                return
            _answer(answer, error)


def _answer(answer: Future[Result], result: Result) -> None:
    if answer.set_running_or_notify_cancel():
        answer.set_result(result)
