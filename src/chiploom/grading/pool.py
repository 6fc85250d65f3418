"""The local pool: worker processes that grade side by side, replaced when they die."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType

from chiploom.errors import ChiploomError, UsageError
from chiploom.grading import box as sandbox
from chiploom.grading import frames
from chiploom.grading.job import Job, Material, digest_of, essence
from chiploom.prove.verdict import Verdict

__all__ = ["Pool", "Result"]

Result = Verdict | ChiploomError
"""A verdict, or why there is none for a reason that is not the submission's."""

_log = logging.getLogger(__name__)

_PROGRAM = ("-m", "chiploom.grading.worker")
#: A job whose worker died while grading it is tried this often in all.
_ATTEMPTS = 2
_STARTS_IN_A_ROW = 3
_READY_S = 120.0
#: A worker that keeps a job this much longer than the job's own limit is itself broken.
_STUCK_S = 120.0
_CLOSE_S = 2.0
_MATERIALS_KEPT = 1024
#: Among how many jobs a worker looks for one whose task it has prepared already, and how often one is passed over.
_WINDOW = 64
_PASSED_OVER = 64
_WRITABLE = selectors.EVENT_READ | selectors.EVENT_WRITE


@dataclass(slots=True)
class _Pending:
    run: int
    index: int
    job: Job
    ticket: int = -1
    attempts: int = 0
    since: float = 0.0
    passed_over: int = 0


@dataclass(slots=True)
class _WorkerProcess:
    """One worker process as the pool sees it."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    started: float
    is_ready: bool = False
    pending: _Pending | None = None
    assembler: frames.Assembler = field(default_factory=frames.Assembler)
    outgoing: bytearray = field(default_factory=bytearray)
    prepared: set[str] = field(default_factory=set)


class _Coming:
    """The jobs of one run that were not taken yet."""

    def __init__(self, jobs: Iterator[Job | None], run: int) -> None:
        self._jobs = jobs
        self._run = run
        self._positions = itertools.count()
        self.has_ended = False

    def fill(self, window: deque[_Pending], size: int) -> None:
        """Take jobs until ``window`` holds ``size``, or there is none at this moment."""
        while len(window) < size and not self.has_ended:
            try:
                job = next(self._jobs)
            except StopIteration:
                self.has_ended = True
                return
            if job is None:
                return
            window.append(_Pending(self._run, next(self._positions), job))


class Pool:
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int
        How many; 0: one per processor this process may use.
    box : bool
        False only for the operator's opt-out (``CHIPLOOM_UNSAFE_NO_BOX=1``).
    niceness : int
        How much the workers let others on this machine go first, as of :func:`os.nice`.

    Raises
    ------
    BoxError
        The box cannot be set up on this system.

    Notes
    -----
    A context manager. Workers start at once and in the background; the first result waits for them. One thread may use
    a pool at a time. Workers end when the pool is closed or its process dies, however that happens.
    """

    def __init__(self, workers: int = 0, *, box: bool = True, niceness: int = 0) -> None:
        if workers < 0:
            raise UsageError("bad-workers", f"{workers} workers: use 0 (one per processor) or more")
        if box:
            sandbox.require()
        else:
            _log.warning("%s=1: grading without the box, for trusted files only", sandbox.OPT_OUT_VARIABLE)
        self._box = box
        self._niceness = niceness
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._workers: list[_WorkerProcess] = []
        self._tickets = itertools.count()
        self._runs = itertools.count()
        self._failed_starts = 0
        self._materials: OrderedDict[int, tuple[Material, str, bytes]] = OrderedDict()
        self._closed = False
        for _ in range(workers or len(os.sched_getaffinity(0))):
            self._start()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The worker processes, for those who watch them."""
        return tuple(worker.process.pid for worker in self._workers)

    def grade(self, jobs: Iterable[Job], *, ordered: bool = False) -> Iterator[tuple[int, Verdict]]:
        """Grade jobs; yield (position of the job, verdict) as they are done, or in order.

        Raises
        ------
        ChiploomError
            The first job that got no verdict for a reason that is not the submission's (a broken task, a top nobody
            can choose); use :meth:`results` to get on with the rest.
        """
        for index, result in self.results(jobs, ordered=ordered):
            if isinstance(result, ChiploomError):
                raise result
            yield index, result

    def results(
        self, jobs: Iterable[Job | None], *, ordered: bool = False, ahead: int = _WINDOW
    ) -> Iterator[tuple[int, Result]]:
        """Grade jobs; yield (position, verdict or error).

        Parameters
        ----------
        jobs : iterable of Job or None
            A None in it stands for "nothing at this moment": it is asked again within a second, or at once after
            :meth:`wake`, and counts as no position. So jobs may come from a queue that others fill.
        ahead : int
            How many jobs to take before a worker is free, to choose among them one whose task that worker has
            prepared. 1 keeps strictly to the order of ``jobs``.

        Raises
        ------
        BoxError
            The box cannot be set up, so nothing is graded.
        """
        done = self._results(jobs, ahead)
        return in_order(done) if ordered else done

    def one(self, job: Job) -> Verdict:
        """Grade a single job; errors as :meth:`grade`."""
        ((_, verdict),) = self.grade([job])
        return verdict

    def wake(self) -> None:
        """Ask for jobs again now; the one method that any thread may call."""
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    def close(self) -> None:
        """End the workers. Jobs under way are lost."""
        self._closed = True
        for worker in self._workers:
            self._disconnect(worker)
        deadline = time.monotonic() + _CLOSE_S
        for worker in self._workers:
            try:
                worker.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._workers.clear()
        self._selector.close()
        self._waker.close()
        self._woken.close()

    # -- the loop

    def _results(self, jobs: Iterable[Job | None], ahead: int) -> Iterator[tuple[int, Result]]:
        if self._closed:
            raise UsageError("pool-closed", "the pool is closed; open a new one")
        # A caller may have left an earlier iteration half-way; what its workers still find out is dropped.
        run = next(self._runs)
        coming = _Coming(iter(jobs), run)
        window: deque[_Pending] = deque()
        again: deque[_Pending] = deque()
        while True:
            for worker in self._workers:
                if worker.pending is not None:
                    continue
                if again:
                    self._hand_out(worker, again.popleft())
                    continue
                coming.fill(window, ahead)
                if window:
                    self._hand_out(worker, self._choose(worker, window))
            if coming.has_ended and not (window or again) and not any(self._is_busy(w, run) for w in self._workers):
                return
            for pending, result in self._turn(again):
                if pending.run == run:
                    yield pending.index, result

    def _choose(self, worker: _WorkerProcess, window: deque[_Pending]) -> _Pending:
        """Take the next job: preferably of a task this worker has prepared, or else that no other has."""
        elsewhere = set().union(*(other.prepared for other in self._workers)) - worker.prepared
        keys = [self._packed(pending.job.material)[0] for pending in window]
        known = (index for index, key in enumerate(keys) if key in worker.prepared)
        new = (index for index, key in enumerate(keys) if key not in elsewhere)
        chosen = 0 if window[0].passed_over >= _PASSED_OVER else next(known, next(new, 0))
        if chosen:
            window[0].passed_over += 1
        pending = window[chosen]
        del window[chosen]
        return pending

    def _turn(self, again: deque[_Pending]) -> Iterator[tuple[_Pending, Result]]:
        """Wait for something to happen and see to it."""
        for key, events in self._selector.select(timeout=1.0):
            if key.data is None:
                self._woken.recv(4096)
                continue
            worker: _WorkerProcess = key.data
            try:
                if events & selectors.EVENT_WRITE:
                    self._write(worker)
                if events & selectors.EVENT_READ:
                    yield from self._read(worker)
            except (OSError, EOFError):
                yield from self._replace(worker, again)
        now = time.monotonic()
        for worker in list(self._workers):
            if _is_stuck(worker, now):
                yield from self._replace(worker, again)

    def _read(self, worker: _WorkerProcess) -> Iterator[tuple[_Pending, Result]]:
        piece = worker.connection.recv(1 << 20)
        if not piece:
            raise EOFError
        for body in worker.assembler.feed(piece):
            kind, *rest = pickle.loads(body)  # from our own worker, which never reads hostile text
            if kind == "ready":
                worker.is_ready = True
                self._failed_starts = 0
            elif kind == "failed":
                raise rest[0]
            elif worker.pending is not None and worker.pending.ticket == rest[0]:
                pending, worker.pending = worker.pending, None
                yield pending, rest[1]

    def _write(self, worker: _WorkerProcess) -> None:
        if worker.outgoing:
            sent = worker.connection.send(worker.outgoing)
            del worker.outgoing[:sent]
        if not worker.outgoing:
            self._selector.modify(worker.connection, selectors.EVENT_READ, worker)

    def _hand_out(self, worker: _WorkerProcess, pending: _Pending) -> None:
        key, material = self._packed(pending.job.material)
        worker.prepared.add(key)
        pending.ticket = next(self._tickets)
        pending.since = time.monotonic()
        worker.pending = pending
        worker.outgoing += frames.frame_of((pending.ticket, key, material, pending.job.sources, pending.job.subject))
        self._selector.modify(worker.connection, _WRITABLE, worker)

    def _packed(self, material: Material) -> tuple[str, bytes]:
        """Return digest and pickle of a material, made once for the many jobs that share it."""
        known = self._materials.get(id(material))
        if known is None:
            # The material itself is kept too, so that its id stays its own.
            stripped = essence(material)
            known = (material, digest_of(stripped), pickle.dumps(stripped, protocol=pickle.HIGHEST_PROTOCOL))
            self._materials[id(material)] = known
            if len(self._materials) > _MATERIALS_KEPT:
                self._materials.popitem(last=False)
        return known[1], known[2]

    # -- processes

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            environment = sandbox.scrubbed_environment()
            environment[sandbox.OPT_OUT_VARIABLE] = "0" if self._box else "1"
            words = (theirs.fileno(), self._niceness)
            process = subprocess.Popen(
                [sys.executable, "-P", *_PROGRAM, *map(str, words)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("CHIPLOOM_DEBUG") else subprocess.DEVNULL,
                env=environment,
                # Ctrl-C in the terminal is for us; workers end when we close their socket.
                start_new_session=True,
            )
        ours.setblocking(False)
        worker = _WorkerProcess(process, ours, time.monotonic())
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _replace(self, worker: _WorkerProcess, again: deque[_Pending]) -> Iterator[tuple[_Pending, Result]]:
        """Start another worker in the place of a lost one, and see to the job it had."""
        _log.warning("worker %d was lost; another is started", worker.process.pid)
        self._disconnect(worker)
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.wait()
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS_IN_A_ROW:
                raise ChiploomError(
                    "worker-failed",
                    f"{self._failed_starts} grading workers in a row ended before they were ready (the last with "
                    f"status {worker.process.returncode}); set CHIPLOOM_DEBUG=1 to see what they print",
                )
        self._start()
        pending = worker.pending
        if pending is None:
            return
        pending.attempts += worker.is_ready
        if pending.attempts < _ATTEMPTS:
            again.appendleft(pending)
        else:
            reason = f"the grading worker was killed {_ATTEMPTS} times while it checked this"
            yield pending, Verdict(limit_hit="crash", reason=reason, limits=pending.job.material.limits)

    def _disconnect(self, worker: _WorkerProcess) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(worker.connection)
        worker.connection.close()

    def _is_busy(self, worker: _WorkerProcess, run: int) -> bool:
        return worker.pending is not None and worker.pending.run == run


def in_order(results: Iterable[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
    """Return results in the order of their positions, each as soon as those before it are there."""
    early: dict[int, Result] = {}
    following = 0
    for index, result in results:
        early[index] = result
        while following in early:
            yield following, early.pop(following)
            following += 1


def _is_stuck(worker: _WorkerProcess, now: float) -> bool:
    if not worker.is_ready:
        return now - worker.started > _READY_S
    pending = worker.pending
    return pending is not None and now - pending.since > pending.job.material.limits.time_s + _STUCK_S
